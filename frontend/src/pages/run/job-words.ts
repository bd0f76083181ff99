/** What a job is called, and how long it took. */

import type { Job, JobKind } from "../../api/types";
import { cut } from "../../logic/formats";

/** Characters of a title; a field may have a million. */
const LONGEST = 160;

const NOUNS: Record<JobKind, string> = {
  compute: "compute job",
  post_processing: "post-processing job",
  checker: "checker job",
};

export const nounOf = (kind: JobKind): string => NOUNS[kind];

/** What tells a job from the others to a reader: its work, else its number in the batch system. */
export function jobTitle(job: Job): string {
  const { name, date, dimension, component } = job.post_processing;
  const work = [name, component, dimension, date].filter(Boolean).join(" ");
  return cut(work || job.scheduler_id || job.uid.slice(0, 8), LONGEST);
}

/** `compute job 4512345`. */
export const jobPhrase = (job: Job): string => `${nounOf(job.kind)} ${jobTitle(job)}`;

/** Seconds from its start to its end, or to `now` (ms) while it runs; null where it cannot be known. */
export function jobSeconds(job: Job, now: number): number | null {
  if (job.started_at === null) return null;
  const start = Date.parse(job.started_at);
  if (job.ended_at !== null) return Math.max(0, (Date.parse(job.ended_at) - start) / 1000);
  return job.state === "running" || job.state === "late" ? Math.max(0, (now - start) / 1000) : null;
}

/** When it failed, is late since, or was heard of last: what it is placed by where it needs somebody. */
export function troubleAt(job: Job): string {
  if (job.state === "late" && job.late_at) return job.late_at;
  return job.ended_at ?? job.last_message_at;
}
