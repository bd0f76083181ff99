/** Is the platform well: its verdict first, then doors, apps and queues, figures, and mails. */

import "./platform.css";
import { useEffect } from "preact/hooks";
import { useLive } from "../../live/use-live";
import { query, setQuery } from "../../state/location";
import { useOnChange } from "../../ui/use-on-change";
import { useTitle } from "../../ui/use-title";
import { AppsPanel } from "./apps-panel";
import { DoorsPanel } from "./doors-panel";
import { Figures } from "./figures";
import { MailDrawer } from "./mail-drawer";
import { MailsPanel } from "./mails-panel";
import { apply, cursor, load, loadChecks, mails, stats, tookStats } from "./store";
import { VerdictPanel } from "./verdict-panel";

/** Milliseconds between two looks at the checks: nothing tells of them by itself. */
const LOOK = 10_000;

export function PlatformPage() {
  useTitle("Platform");
  const reload = useLive({ query: { type: "stats,mail" }, load, apply, stats: tookStats });
  useLooks();
  useOnChange(cursor.value, reload);
  // With a way on to older ones again.
  const trimmed = mails.value?.trimmed === true;
  useEffect(() => {
    if (trimmed) reload();
  }, [trimmed]);
  const mail = new URLSearchParams(query.value).get("mail");
  return (
    <>
      <header class="page-head">
        <h1>Platform</h1>
        {stats.value?.version && <span class="quiet small">prodiguer {stats.value.version}</span>}
      </header>
      <VerdictPanel />
      <Figures />
      <div class="platform-columns">
        <AppsPanel />
        <DoorsPanel />
      </div>
      <MailsPanel reload={reload} />
      {mail && <MailDrawer id={mail} close={() => setQuery({ mail: null })} />}
    </>
  );
}

/** Looks at the checks again and again, while the page is looked at itself. */
function useLooks(): void {
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible") void loadChecks();
    };
    const timer = window.setInterval(look, LOOK);
    document.addEventListener("visibilitychange", look);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
}
