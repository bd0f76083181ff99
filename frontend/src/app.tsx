/** The frame around every page, and which page it is. */

import { routeOf } from "./logic/routes";
import { DeadLettersPage } from "./pages/dead-letters/page";
import { PlatformPage } from "./pages/platform/page";
import { RunPage } from "./pages/run/page";
import { RunsPage } from "./pages/runs/page";
import { SignIn } from "./shell/sign-in";
import { TopBar } from "./shell/top-bar";
import { path } from "./state/location";
import { locked } from "./state/session";
import { Notice } from "./ui/notice";

export function App() {
  const route = routeOf(path.value);
  return (
    <>
      <TopBar page={route.page} />
      <main class="page">{locked.value ? <SignIn /> : <Content />}</main>
    </>
  );
}

function Content() {
  const route = routeOf(path.value);
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
      return <Notice title="There is no such page" />;
  }
}
