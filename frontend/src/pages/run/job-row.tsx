/** One job as a row, and on a phone as a card. */

import type { ReadonlySignal } from "@preact/signals";
import type { Job } from "../../api/types";
import { count, duration, modelDate } from "../../logic/formats";
import { StateMark } from "../../ui/state-mark";
import { Moment } from "../../ui/when";
import { WarningShape } from "./attention-list";
import { Changing } from "./changing";
import { jobSeconds, jobTitle } from "./job-words";
import { JobLink, rowPress } from "./links";
import { KIND_WORDS } from "./tallies";

export const JobRow = ({ job, now }: { job: Job; now: ReadonlySignal<number> }) => (
  <tr data-job={job.uid} class="pressable" onClick={rowPress("job", job.uid)}>
    <td data-label="State">
      <Changing value={job.state}>
        <StateMark state={job.state} />
      </Changing>
    </td>
    <td data-label="Job" class="wide">
      <JobLink job={job}>
        <span class="brief">
          <Title job={job} />
        </span>
      </JobLink>
      <Work job={job} />
    </td>
    <td data-label="Kind">{KIND_WORDS[job.kind]}</td>
    <td data-label="Scheduler id" class="text mono">
      {job.scheduler_id ?? <span class="quiet">–</span>}
    </td>
    <td data-label="Start">
      <Moment at={job.started_at} />
    </td>
    <td data-label="End">
      <Moment at={job.ended_at} />
    </td>
    <td data-label="Lasted" class="right number">
      <Lasted job={job} now={now} />
    </td>
    <td data-label="Failed commands" class="right number">
      {job.failed_commands > 0 ? (
        <span class="run-tally is-late">
          <WarningShape />
          {count(job.failed_commands)}
        </span>
      ) : (
        <span class="quiet">0</span>
      )}
    </td>
  </tr>
);

function Title({ job }: { job: Job }) {
  const { name, date } = job.post_processing;
  if (!name) return <>{job.kind === "compute" ? `Compute ${jobTitle(job)}` : jobTitle(job)}</>;
  return (
    <>
      {name}
      {date && <span class="number"> {modelDate(date)}</span>}
    </>
  );
}

function Work({ job }: { job: Job }) {
  const { component, dimension, file } = job.post_processing;
  const words = [component, dimension, file].filter(Boolean).join(" · ");
  return words ? <div class="small quiet text brief">{words}</div> : null;
}

function Lasted({ job, now }: { job: Job; now: ReadonlySignal<number> }) {
  const seconds = jobSeconds(job, now.value);
  if (seconds === null) return <span class="quiet">–</span>;
  return <>{duration(seconds)}</>;
}
