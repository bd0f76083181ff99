/** Lateness depends on the hour: what was read as running may be late by now. */

import type { Job, State } from "../../api/types";

/** The state to show now, in milliseconds. */
export function stateAt(of: { state: State; late_at: string | null }, now: number): State {
  if (of.state !== "running" || of.late_at === null) return of.state;
  return Date.parse(of.late_at) < now ? "late" : "running";
}

/** The same job, with the state to show now. */
export function jobAt(job: Job, now: number): Job {
  const state = stateAt(job, now);
  return state === job.state ? job : { ...job, state };
}
