/** How many jobs there are, by kind and state. */

import { type Job, JOB_KINDS, type JobCounts, type JobKind, type State } from "../../api/types";

export type Tallies = Record<JobKind, JobCounts>;

const none = (): JobCounts => ({ queued: 0, running: 0, complete: 0, late: 0, error: 0 });

/** Of these jobs. */
export function tally(jobs: Iterable<Job>): Tallies {
  const found: Tallies = { compute: none(), post_processing: none(), checker: none() };
  for (const job of jobs) found[job.kind][job.state] += 1;
  return found;
}

/** As the run itself tells them. */
export function told(jobs: Partial<Tallies>): Tallies {
  return { ...{ compute: none(), post_processing: none(), checker: none() }, ...jobs };
}

/** In this state, of all kinds. */
export const inState = (tallies: Tallies, state: State): number =>
  JOB_KINDS.reduce((sum, kind) => sum + tallies[kind][state], 0);

export const ofKind = (tallies: Tallies, kind: JobKind): number =>
  Object.values(tallies[kind]).reduce((sum, number) => sum + number, 0);

export const KIND_WORDS: Record<JobKind, string> = {
  compute: "Compute",
  post_processing: "Post-processing",
  checker: "Checker",
};
