/** Which jobs are listed, and in which order. */

import { type Job, JOB_KINDS, type JobKind, STATES, type State } from "../../api/types";
import { jobSeconds, jobTitle } from "./job-words";

export const SORTS = ["state", "title", "kind", "scheduler_id", "started_at", "ended_at", "duration", "failed_commands"] as const;
export type Sort = (typeof SORTS)[number];

export interface Choice {
  kind: JobKind | null;
  state: State | null;
  /** Text that some word of the job must have. */
  q: string;
  sort: Sort;
  descending: boolean;
}

/** What the address says; what it says wrongly is as if it were not said. */
export function choiceOf(query: URLSearchParams): Choice {
  const sort = query.get("sort") ?? "-started_at";
  const field = sort.replace(/^-/, "");
  const known = SORTS.find((name) => name === field);
  return {
    kind: JOB_KINDS.find((kind) => kind === query.get("kind")) ?? null,
    state: STATES.find((state) => state === query.get("state")) ?? null,
    q: query.get("q") ?? "",
    sort: known ?? "started_at",
    descending: known ? sort.startsWith("-") : true,
  };
}

/** What needs somebody comes first. */
const URGENCY: Record<State, number> = { error: 0, late: 1, running: 2, queued: 3, complete: 4 };

/** `now` in milliseconds: running jobs have lasted until then. */
export function listed(jobs: readonly Job[], choice: Choice, now: number): Job[] {
  const needle = choice.q.trim().toLowerCase();
  return jobs
    .filter((job) => (!choice.kind || job.kind === choice.kind) && (!choice.state || job.state === choice.state))
    .filter((job) => !needle || wordsOf(job).includes(needle))
    .sort(comparison(choice, now));
}

function wordsOf(job: Job): string {
  const { name, date, dimension, component, file } = job.post_processing;
  return [name, date, dimension, component, file, job.scheduler_id, job.uid].filter(Boolean).join(" ").toLowerCase();
}

type Value = number | string | null;

function valueOf(job: Job, sort: Sort, now: number): Value {
  switch (sort) {
    case "state":
      return URGENCY[job.state];
    case "title":
      return jobTitle(job);
    case "kind":
      return JOB_KINDS.indexOf(job.kind);
    case "scheduler_id":
      return job.scheduler_id;
    case "duration":
      return jobSeconds(job, now);
    case "failed_commands":
      return job.failed_commands;
    default: {
      const at = job[sort];
      return at === null ? null : Date.parse(at);
    }
  }
}

/** What has no value comes last either way; equals by start, the newest first, then by uid. */
function comparison({ sort, descending }: Choice, now: number): (a: Job, b: Job) => number {
  const turn = descending ? -1 : 1;
  const start = (job: Job) => Date.parse(job.started_at ?? job.last_message_at);
  return (a, b) => {
    const [x, y] = [valueOf(a, sort, now), valueOf(b, sort, now)];
    if (x === null || y === null) {
      if (x !== y) return x === null ? 1 : -1;
    } else if (x !== y) {
      return turn * compare(x, y);
    }
    return start(b) - start(a) || (a.uid < b.uid ? -1 : 1);
  };
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}
