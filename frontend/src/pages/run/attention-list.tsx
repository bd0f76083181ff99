/** Jobs that failed or are late and commands that failed: who, where, when, and what to look at. */

import { useState } from "preact/hooks";
import { count } from "../../logic/formats";
import { Icon } from "../../ui/icon";
import { StateShape } from "../../ui/state-mark";
import { Ago, Moment } from "../../ui/when";
import type { Concern, Level } from "./attention";
import { commandOf } from "./happenings";
import { jobPhrase } from "./job-words";
import { JobLink, MessageLink } from "./links";
import type { RunStore } from "./store";

const FIRST = 6;
/** Failed commands that are told of one job. */
const COMMANDS = 4;

export function AttentionList({ store }: { store: RunStore }) {
  const [all, setAll] = useState(false);
  const found = store.concerns.value;
  const shown = all ? found : found.slice(0, FIRST);
  return (
    <section class="panel run-attention" aria-label="What needs attention">
      <header>
        <h2>Needs attention</h2>
        {found.length > 0 && <span class="small quiet number">{count(found.length)}</span>}
      </header>
      {found.length === 0 ? <AllWell store={store} /> : null}
      <ul>
        {shown.map((concern) => (
          <Row key={concern.jobUid} concern={concern} />
        ))}
      </ul>
      {found.length > FIRST && (
        <div class="run-more">
          <button type="button" class="button" onClick={() => setAll(!all)} aria-expanded={all}>
            {all ? "Show fewer" : `Show all ${count(found.length)}`}
          </button>
        </div>
      )}
    </section>
  );
}

const AllWell = ({ store }: { store: RunStore }) => (
  <p class="run-well">
    <span class="is-complete">
      <Icon name="tick" />
    </span>
    {store.complete.value ? "No job died or is late, and no command failed." : "Nothing so far; the jobs are being read."}
  </p>
);

const WORDS: Record<Level, string> = {
  error: "died",
  late: "should have ended",
  warning: "goes on, though a command failed",
};
const ENDED = "went on, though a command failed";

function Row({ concern }: { concern: Concern }) {
  const { level, job, commands } = concern;
  const shape = level === "warning" ? "late" : level;
  const words = level === "warning" && job?.ended_at ? ENDED : WORDS[level];
  const rest = Math.max(commands.length, job?.failed_commands ?? 0) - Math.min(commands.length, COMMANDS);
  return (
    <li class={`concern is-${shape}`} data-level={level} data-job={concern.jobUid}>
      <span class="concern-mark">{level === "warning" ? <WarningShape /> : <StateShape state={level} />}</span>
      <div>
        <p>
          {job ? <JobLink job={job}>The {jobPhrase(job)}</JobLink> : <span class="text">A job that has not been told of</span>}{" "}
          <strong class="concern-level">{words}</strong> <Ago at={concern.at} />
        </p>
        <p class="small quiet">
          <Moment at={concern.at} />
          {job?.scheduler_id ? <span class="text"> · scheduler id {job.scheduler_id}</span> : null}
          {job?.post_processing.file ? <span class="text"> · {job.post_processing.file}</span> : null}
          {concern.death && (
            <>
              {" · "}
              <MessageLink uid={concern.death.message_uid}>message {concern.death.code}</MessageLink>
            </>
          )}
        </p>
        {commands.length > 0 && (
          <ul class="concern-commands">
            {commands.slice(0, COMMANDS).map((entry) => (
              <li key={entry.message_uid}>
                <MessageLink uid={entry.message_uid}>
                  <code>{commandOf(entry)}</code>
                </MessageLink>
              </li>
            ))}
            {rest > 0 && <li class="small quiet">and {count(rest)} more</li>}
          </ul>
        )}
      </div>
    </li>
  );
}

/** A triangle: the fourth shape beside those of the states. */
export const WarningShape = () => (
  <svg viewBox="0 0 16 16" aria-hidden="true">
    <path
      d="M8 2.2L14.4 13.5H1.6zM8 6.4v3.2m0 1.8v.3"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>
);
