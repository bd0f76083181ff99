/** The frame around every page, and which page it is. */

import { useEffect, useRef } from "preact/hooks";
import { type Route, routeOf } from "./logic/routes";
import { DeadLettersPage } from "./pages/dead-letters/page";
import { PlatformPage } from "./pages/platform/page";
import { RunPage } from "./pages/run/page";
import { RunsPage } from "./pages/runs/page";
import { Mishap } from "./shell/mishap";
import { SignIn } from "./shell/sign-in";
import { TopBar } from "./shell/top-bar";
import { path } from "./state/location";
import { locked } from "./state/session";
import { Link } from "./ui/link";
import { Notice } from "./ui/notice";

export function App() {
  const route = routeOf(path.value);
  const main = useFocusOnChange(path.value);
  const skip = (event: Event) => {
    event.preventDefault();
    main.current?.focus();
  };
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <TopBar page={route.page} />
      <main class="page" id="main" ref={main} tabIndex={-1}>
        {locked.value ? (
          <SignIn />
        ) : (
          <Mishap key={path.value}>
            <Content route={route} />
          </Mishap>
        )}
      </main>
    </>
  );
}

function Content({ route }: { route: Route }) {
  switch (route.page) {
    case "runs":
      return <RunsPage />;
    case "run":
      return <RunPage key={route.uid} uid={route.uid} />;
    case "dead-letters":
      return <DeadLettersPage />;
    case "platform":
      return <PlatformPage />;
    default:
      return (
        <Notice title="There is no such page">
          <Link to="/">All runs</Link>
        </Notice>
      );
  }
}

/** Another page begins at its beginning, for who reads by keys or by ear as well. */
function useFocusOnChange(place: string) {
  const main = useRef<HTMLElement>(null);
  const before = useRef(place);
  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    main.current?.focus({ preventScroll: true });
  }, [place]);
  return main;
}
