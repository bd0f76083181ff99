/** What needs somebody, the worst first: jobs that failed or are late, and commands that failed. */

import type { Job, TimelineEntry } from "../../api/types";
import { toneOf } from "./happenings";
import { troubleAt } from "./job-words";

export type Level = "error" | "late" | "warning";

export interface Concern {
  level: Level;
  /** Null: the platform has not told of the job, only of what failed in it. */
  job: Job | null;
  jobUid: string;
  at: string;
  /** Its failed commands, the last first. */
  commands: TimelineEntry[];
  /** The message that told of its death. */
  death: TimelineEntry | null;
}

const RANK: Record<Level, number> = { error: 0, late: 1, warning: 2 };

/**
 * @param jobs with the states of now
 * @param happenings of the run, in their order
 */
export function concerns(jobs: Iterable<Job>, happenings: readonly TimelineEntry[]): Concern[] {
  const failed = byJob(happenings, "failed");
  const died = byJob(happenings, "died");
  const found: Concern[] = [];
  const known = new Set<string>();
  for (const job of jobs) {
    known.add(job.uid);
    const level = levelOf(job);
    if (!level) continue;
    const commands = failed.get(job.uid) ?? [];
    const at = level === "warning" ? (commands[0]?.at ?? troubleAt(job)) : troubleAt(job);
    found.push({ level, job, jobUid: job.uid, at, commands, death: died.get(job.uid)?.[0] ?? null });
  }
  for (const [uid, commands] of failed) {
    const newest = commands[0];
    if (known.has(uid) || !newest) continue;
    found.push({ level: "warning", job: null, jobUid: uid, at: newest.at, commands, death: null });
  }
  return found.sort(worstFirst);
}

function levelOf(job: Job): Level | null {
  if (job.state === "error" || job.state === "late") return job.state;
  return job.failed_commands > 0 ? "warning" : null;
}

function worstFirst(a: Concern, b: Concern): number {
  return RANK[a.level] - RANK[b.level] || aside(a) - aside(b) || Date.parse(b.at) - Date.parse(a.at);
}

/** A compute job stops the run; what stands beside it does not. */
const aside = (concern: Concern): number => (concern.job?.kind === "compute" ? 0 : 1);

/** By job, the last first. */
function byJob(happenings: readonly TimelineEntry[], tone: "failed" | "died"): Map<string, TimelineEntry[]> {
  const found = new Map<string, TimelineEntry[]>();
  for (const entry of happenings) {
    if (entry.job_uid === null || toneOf(entry.code) !== tone) continue;
    found.set(entry.job_uid, [entry, ...(found.get(entry.job_uid) ?? [])]);
  }
  return found;
}
