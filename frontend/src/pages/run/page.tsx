/** The page of one run. */

import "./run.css";
import { useEffect, useMemo } from "preact/hooks";
import { useLive } from "../../live/use-live";
import { runAddress } from "../../logic/routes";
import { query, setQuery } from "../../state/location";
import { narrow } from "../../state/window";
import { Link } from "../../ui/link";
import { Notice } from "../../ui/notice";
import { type Tab, Tabs } from "../../ui/tabs";
import { useTitle } from "../../ui/use-title";
import { CardTab } from "./card-tab";
import { RunHeader } from "./header";
import { JobDrawer } from "./job-drawer";
import { JobsTab } from "./jobs-tab";
import { MessageDrawer } from "./message-drawer";
import { MessagesTab } from "./messages-tab";
import { Overview } from "./overview";
import { PeriodsTab } from "./periods-tab";
import { inspectedOf, isUid, type TabId, tabOf } from "./place";
import { RunStore } from "./store";
import { TimelineTab } from "./timeline-tab";
import { TriesTab } from "./tries-tab";

export const RunPage = ({ uid }: { uid: string }) => {
  const run = decoded(uid);
  return isUid(run) ? <KnownRun uid={run} /> : <NoSuchRun uid={run} />;
};

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function KnownRun({ uid }: { uid: string }) {
  const store = useMemo(() => new RunStore(uid), [uid]);
  const reload = useLive({
    query: { simulation: uid, type: "simulation,job,period,message" },
    load: (signal) => store.load(signal),
    apply: (events) => store.apply(events),
  });
  const run = store.run.value;
  useTitle(run ? `${run.name ?? uid} – ${store.content.value.gone ? "deleted" : run.state}` : "Run");
  usePreparedCharts();
  if (store.missing.value) return <NoSuchRun uid={uid} />;
  if (!run) return <Waiting store={store} reload={reload} />;
  return (
    <div class="run" data-complete={store.complete.value}>
      <RunHeader store={store} run={run} narrow={narrow.value} />
      <Troubles store={store} reload={reload} />
      <RunTabs store={store} uid={uid} />
      <Inspector store={store} />
    </div>
  );
}

const NoSuchRun = ({ uid }: { uid: string }) => (
  <Notice title="There is no such run">
    <p class="text">
      The platform knows no run <code>{uid}</code>. It may have been deleted, or its first message has not arrived
      yet.
    </p>
    <Link to="/" class="button">
      All runs
    </Link>
  </Notice>
);

function Waiting({ store, reload }: { store: RunStore; reload: () => void }) {
  const problem = store.problem.value;
  if (!problem) return <p class="run-waiting quiet">Reading the run…</p>;
  return (
    <Notice title="The run cannot be read just now">
      <p class="text">{problem.detail} It is tried again by itself.</p>
      <button type="button" class="button" onClick={reload}>
        Try now
      </button>
    </Notice>
  );
}

/** What stands between the reader and the truth, without taking away what is shown. */
function Troubles({ store, reload }: { store: RunStore; reload: () => void }) {
  if (store.content.value.gone) {
    return (
      <p class="run-banner is-error" role="status">
        <strong>This run was deleted.</strong> What is shown is what this page had read before; its messages stay in
        the archive.
      </p>
    );
  }
  const problem = store.problem.value;
  if (!problem) return null;
  return (
    <p class="run-banner is-late" role="status">
      <span>
        <strong>Not everything could be read.</strong> <span class="text">{problem.detail}</span> It is tried again by
        itself.
      </span>
      <button type="button" class="button" onClick={reload}>
        Try now
      </button>
    </p>
  );
}

function RunTabs({ store, uid }: { store: RunStore; uid: string }) {
  const tab = tabOf(new URLSearchParams(query.value));
  const { jobs, periods } = store.content.value;
  const tally: Partial<Record<TabId, number | undefined>> = {
    jobs: jobs.size,
    periods: periods.length,
    tries: store.run.value?.tries,
  };
  const tabs: Tab[] = LABELS.map(([id, label]) => ({
    id,
    label,
    address: runAddress(uid, id === "overview" ? undefined : id),
    tally: tally[id],
  }));
  return (
    <>
      <Tabs tabs={tabs} current={tab} label="Parts of the run" />
      <section class="run-part" aria-label={LABELS.find(([id]) => id === tab)?.[1]} data-tab={tab}>
        <Part tab={tab} store={store} />
      </section>
    </>
  );
}

const LABELS: [TabId, string][] = [
  ["overview", "Overview"],
  ["jobs", "Jobs"],
  ["timeline", "Timeline"],
  ["periods", "Periods"],
  ["messages", "Messages"],
  ["card", "Config card"],
  ["tries", "Tries"],
];

function Part({ tab, store }: { tab: TabId; store: RunStore }) {
  switch (tab) {
    case "overview":
      return <Overview store={store} />;
    case "jobs":
      return <JobsTab store={store} />;
    case "timeline":
      return <TimelineTab store={store} />;
    case "periods":
      return <PeriodsTab store={store} />;
    case "messages":
      return <MessagesTab store={store} />;
    case "card":
      return <CardTab store={store} />;
    case "tries":
      return <TriesTab store={store} />;
  }
}

function Inspector({ store }: { store: RunStore }) {
  const inspected = inspectedOf(new URLSearchParams(query.value));
  if (!inspected) return null;
  const close = () => setQuery({ inspect: null }, { replace: true });
  return inspected.kind === "job" ? (
    <JobDrawer key={inspected.uid} store={store} uid={inspected.uid} close={close} />
  ) : (
    <MessageDrawer key={inspected.uid} store={store} uid={inspected.uid} close={close} />
  );
}

/** The charts' code comes while nobody waits for it: a tab is opened at once, even without server. */
function usePreparedCharts(): void {
  useEffect(() => {
    const timer = window.setTimeout(() => void import("../../charts/echarts").catch(() => undefined), 1_500);
    return () => window.clearTimeout(timer);
  }, []);
}
