/** Jobs as bars in lanes: what ran when, and what ran beside it. */

import type { Job, JobKind } from "../../api/types";
import { jobTitle } from "./job-words";

export interface Bar {
  job: Job;
  lane: number;
  /** Milliseconds since the epoch. */
  from: number;
  to: number;
  /** Has not ended: goes on to now. */
  open: boolean;
  /** Its start is not known: it stands where it was first heard of, or where it ended. */
  anchored: boolean;
  label: string;
}

export interface Lane {
  label: string;
  kind: JobKind;
  /** The first lane of its group bears the group's name. */
  first: boolean;
}

export interface Gantt {
  lanes: Lane[];
  bars: Bar[];
  from: number;
  to: number;
}

/** With more names than this, post-processing is one group: a lane for each would be no picture. */
const MOST_GROUPS = 14;
const KIND_LABELS: Record<JobKind, string> = {
  compute: "compute",
  post_processing: "post-processing",
  checker: "checker",
};

/**
 * Compute first, then each tool of the post-processing, then the checkers; in a group each job
 * takes the first lane that is free when it starts.
 *
 * @param jobs with the states of now
 * @param now milliseconds
 */
export function gantt(jobs: readonly Job[], now: number): Gantt {
  const groups = grouped(jobs, now);
  const lanes: Lane[] = [];
  const bars: Bar[] = [];
  for (const { label, kind, spans } of groups) {
    const base = lanes.length;
    const free: number[] = [];
    for (const span of spans) {
      let lane = free.findIndex((until) => until <= span.from);
      if (lane < 0) lane = free.push(0) - 1;
      free[lane] = Math.max(span.to, span.from + 1);
      bars.push({ ...span, lane: base + lane });
    }
    free.forEach((_, index) => lanes.push({ label, kind, first: index === 0 }));
  }
  const from = Math.min(...bars.map((bar) => bar.from), now);
  const to = Math.max(...bars.map((bar) => bar.to), from + 1000);
  return { lanes, bars, from, to };
}

type Span = Omit<Bar, "lane">;

interface Group {
  label: string;
  kind: JobKind;
  spans: Span[];
}

const ORDER: readonly JobKind[] = ["compute", "post_processing", "checker"];

function grouped(jobs: readonly Job[], now: number): Group[] {
  const spans = jobs.map((job) => spanOf(job, now)).sort((a, b) => a.from - b.from || (a.job.uid < b.job.uid ? -1 : 1));
  const groups = new Map<string, Group>();
  const names = new Set(spans.map(({ job }) => groupName(job)));
  for (const span of spans) {
    const { kind } = span.job;
    const label = names.size > MOST_GROUPS ? KIND_LABELS[kind] : groupName(span.job);
    const key = `${kind} ${label}`;
    const group = groups.get(key) ?? { label, kind, spans: [] };
    group.spans.push(span);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

const groupName = (job: Job): string =>
  job.kind === "post_processing" ? (job.post_processing.name ?? KIND_LABELS[job.kind]) : KIND_LABELS[job.kind];

function spanOf(job: Job, now: number): Span {
  const open = job.ended_at === null;
  const last = Date.parse(job.ended_at ?? job.last_message_at);
  const from = job.started_at === null ? last : Date.parse(job.started_at);
  // Clocks that are wrong may end a job before it starts.
  const to = Math.max(from, open && job.started_at !== null ? now : last);
  return { job, from, to, open, anchored: job.started_at === null, label: labelOf(job) };
}

/** The group has the name already. */
function labelOf(job: Job): string {
  const { date, dimension, component } = job.post_processing;
  const rest = [component, dimension, date].filter(Boolean).join(" ");
  return job.kind === "post_processing" && rest ? rest : jobTitle(job);
}
