/** One job with everything, and its messages. */

import { useEffect, useState } from "preact/hooks";
import { Problem } from "../../api/http";
import type { Job, Message, TimelineEntry } from "../../api/types";
import { duration, modelDate } from "../../logic/formats";
import { runAddress } from "../../logic/routes";
import { Drawer } from "../../ui/drawer";
import { Facts } from "../../ui/facts";
import { Link } from "../../ui/link";
import { StateMark } from "../../ui/state-mark";
import { Moment } from "../../ui/when";
import { flagMeaning } from "./flags";
import { HappeningList } from "./happening-list";
import { sentence } from "./happenings";
import { Copied } from "./header";
import { jobPhrase, jobSeconds } from "./job-words";
import { byTime } from "./order";
import { readMessages } from "./reading";
import { passes } from "./shelf";
import type { RunStore } from "./store";

interface Props {
  store: RunStore;
  uid: string;
  close: () => void;
}

export function JobDrawer({ store, uid, close }: Props) {
  const job = store.jobs.value.find((one) => one.uid === uid);
  const footer = (
    <Link to={`${runAddress(store.uid, "messages")}&job=${encodeURIComponent(uid)}`} class="button">
      All messages of this job
    </Link>
  );
  return (
    <Drawer title={job ? upper(jobPhrase(job)) : "Job"} close={close} footer={footer}>
      {job ? <Everything job={job} store={store} /> : <p class="quiet">The platform has told nothing of this job yet.</p>}
      <h3 class="drawer-part">What it told</h3>
      <Told store={store} uid={uid} />
    </Drawer>
  );
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function Everything({ job, store }: { job: Job; store: RunStore }) {
  const seconds = jobSeconds(job, store.hour.value);
  const { name, date, dimension, component, file } = job.post_processing;
  return (
    <>
      <Facts
        facts={[
          ["State", <StateMark state={job.state} />],
          ["Start", job.started_at ? <Moment at={job.started_at} /> : "not told"],
          ["End", job.ended_at && <Moment at={job.ended_at} />],
          [job.ended_at ? "Lasted" : "Lasts", seconds === null ? null : duration(seconds)],
          [job.state === "late" ? "Late since" : "Late from", job.late_at && <Moment at={job.late_at} />],
          ["Warning delay", duration(job.warning_delay)],
          ["Last message", <Moment at={job.last_message_at} />],
          ["Failed commands", String(job.failed_commands)],
          ["Post-processing", name],
          ["Date", date && modelDate(date)],
          ["Dimension", dimension],
          ["Component", component],
          ["File", file],
          ["Scheduler id", job.scheduler_id && <Copied text={job.scheduler_id} label="Copy the scheduler id" mono />],
          ["Project", job.accounting_project],
          ["Submitted in", job.submission_path && <Copied text={job.submission_path} label="Copy the submission path" />],
          ["Job", <Copied text={job.uid} label="Copy the job's uid" mono />],
        ]}
      />
      {job.flags.map((flag) => (
        <p key={flag} class="flag small">
          <strong class="text">{flag}</strong> {flagMeaning("job", flag)}
        </p>
      ))}
    </>
  );
}

/** Read once, then what the stream brings; without an answer, what the page knows already. */
function Told({ store, uid }: { store: RunStore; uid: string }) {
  const [read, setRead] = useState<readonly Message[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    readMessages(store.uid, { code: null, job: uid }, null, stop.signal).then(
      (page) => setRead(page.items),
      (error: unknown) => {
        if (!stop.signal.aborted) setProblem(error instanceof Problem ? error : null);
      },
    );
    return () => stop.abort();
  }, [uid]);
  const { items, held } = store.shelf.value;
  const filter = { code: null, job: uid };
  const messages = [...read, ...held, ...items].filter((message) => passes(message, filter));
  const entries = newestFirst([
    ...store.content.value.happenings.filter((entry) => entry.job_uid === uid),
    ...messages.map(entryOf),
  ]);
  return (
    <>
      <HappeningList store={store} entries={entries} exact withoutJob />
      {problem && <p class="small quiet">Its other messages cannot be read just now: {problem.detail}</p>}
    </>
  );
}

const entryOf = (message: Message): TimelineEntry => ({
  at: message.timestamp,
  message_uid: message.uid,
  code: message.routed_as,
  name: message.name,
  job_uid: message.job_uid,
  text: sentence(message),
});

function newestFirst(entries: readonly TimelineEntry[]): TimelineEntry[] {
  const once = new Map(entries.map((entry) => [entry.message_uid, entry]));
  return [...once.values()].sort((a, b) => byTime(b.at, a.at) || (a.message_uid < b.message_uid ? 1 : -1));
}
