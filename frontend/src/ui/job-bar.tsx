/** How many jobs are in each state: only the states that there are. */

import { type JobCounts, STATES, type State } from "../api/types";
import { StateShape } from "./state-mark";

// What needs somebody first.
const ORDER: readonly State[] = ["error", "late", "running", "queued", "complete"];

export function totalOf(counts: JobCounts | undefined): number {
  return counts ? STATES.reduce((sum, state) => sum + counts[state], 0) : 0;
}

export function JobBar({ counts }: { counts: JobCounts | undefined }) {
  if (!counts || totalOf(counts) === 0) return <span class="quiet">–</span>;
  return (
    <span class="job-bar">
      {ORDER.filter((state) => counts[state] > 0).map((state) => (
        <span key={state} class={`is-${state}`} title={`${counts[state]} ${state}`}>
          <StateShape state={state} />
          {counts[state]}
          <span class="unseen"> {state}</span>
        </span>
      ))}
    </span>
  );
}
