/** Is the platform well: its verdict first, then doors, apps and queues, figures, and mails. */

import "./platform.css";
import { useEffect, useRef } from "preact/hooks";
import { useLive } from "../../live/use-live";
import { query, setQuery } from "../../state/location";
import { useTitle } from "../../ui/use-title";
import { AppsPanel } from "./apps-panel";
import { DoorsPanel } from "./doors-panel";
import { Figures } from "./figures";
import { MailDrawer } from "./mail-drawer";
import { MailsPanel } from "./mails-panel";
import { apply, cursor, load, loadChecks, loadMails, stats, tookStats } from "./store";
import { VerdictPanel } from "./verdict-panel";

/** Milliseconds between two looks at the checks: nothing tells of them by itself. */
const LOOK = 10_000;

export function PlatformPage() {
  useTitle("Platform");
  useLive({ query: { type: "stats,mail" }, load, apply, stats: tookStats });
  useLooks();
  useOtherPage(cursor.value);
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
      <MailsPanel />
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

function useOtherPage(cursor: string | null): void {
  const before = useRef(cursor);
  useEffect(() => {
    if (before.current === cursor) return;
    before.current = cursor;
    void loadMails();
  }, [cursor]);
}
