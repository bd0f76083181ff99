/** Happenings as lines: when, what, in which job. */

import type { TimelineEntry } from "../../api/types";
import { StateShape } from "../../ui/state-mark";
import { Ago, Moment } from "../../ui/when";
import { WarningShape } from "./attention-list";
import { type Tone, toneOf } from "./happenings";
import { JobLink, MessageLink } from "./links";
import { jobTitle } from "./job-words";
import type { RunStore } from "./store";

interface Props {
  store: RunStore;
  entries: readonly TimelineEntry[];
  /** The exact time stands first, rather than how long ago. */
  exact?: boolean;
  /** Of one job only: its name need not be said. */
  withoutJob?: boolean;
}

export function HappeningList({ store, entries, exact, withoutJob }: Props) {
  if (!entries.length) {
    return <p class="run-nothing quiet">{store.complete.value ? "Nothing has happened yet." : "Being read…"}</p>;
  }
  return (
    <ol class="happenings">
      {entries.map((entry) => (
        <Happening key={entry.message_uid} store={store} entry={entry} exact={exact} withoutJob={withoutJob} />
      ))}
    </ol>
  );
}

interface LineProps {
  store: RunStore;
  entry: TimelineEntry;
  exact: boolean | undefined;
  withoutJob: boolean | undefined;
}

function Happening({ store, entry, exact, withoutJob }: LineProps) {
  const tone = toneOf(entry.code);
  const job = entry.job_uid === null ? undefined : store.content.value.jobs.get(entry.job_uid);
  return (
    <li class={`happening tone-${tone}`} data-code={entry.code}>
      <span class="happening-mark">
        <ToneShape tone={tone} />
      </span>
      <span class="happening-at small">{exact ? <Moment at={entry.at} /> : <Ago at={entry.at} />}</span>
      <span class="happening-text">
        <MessageLink uid={entry.message_uid}>{entry.text}</MessageLink>
        {job && !withoutJob && (
          <span class="small quiet">
            {" "}
            <JobLink job={job}>{jobTitle(job)}</JobLink>
          </span>
        )}
      </span>
      <code class="happening-code small quiet">{entry.code}</code>
    </li>
  );
}

const ToneShape = ({ tone }: { tone: Tone }) => {
  switch (tone) {
    case "died":
      return <StateShape state="error" />;
    case "failed":
      return <WarningShape />;
    case "start":
      return <StateShape state="running" />;
    case "end":
      return <StateShape state="complete" />;
    default:
      return (
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="8" cy="8" r="2.6" fill="currentColor" />
        </svg>
      );
  }
};
