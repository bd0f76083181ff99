/** The first question a reader has: is my run well, and if not, what failed and when? */

import type { Job, Simulation, State } from "../../api/types";
import { duration } from "../../logic/formats";
import type { Concern } from "./attention";
import { jobPhrase, jobSeconds } from "./job-words";

export interface Verdict {
  tone: State;
  words: string;
  /** The moment that the words speak of; shown as how long ago. */
  at: string | null;
  /** What came of it beside the run's own course. */
  besides: string;
}

/**
 * @param run with the state of now
 * @param jobs with the states of now
 * @param found what needs somebody, the worst first
 * @param modelTime the model's date that was reached, if it is known
 * @param now milliseconds
 */
export function verdict(
  run: Simulation,
  jobs: readonly Job[],
  found: readonly Concern[],
  modelTime: string | null,
  now: number,
): Verdict {
  const say = (words: string, at: string | null, told: readonly Concern[] = found): Verdict => ({
    tone: run.state,
    words,
    at,
    besides: besides(told),
  });
  const last = lastCompute(jobs);
  switch (run.state) {
    case "error": {
      const death = found.find((concern) => concern.level === "error" && concern.job?.kind === "compute");
      const who = death?.job ? `The ${jobPhrase(death.job)}` : "The run";
      const where = run.machine ? ` on ${run.machine}` : "";
      const when = modelTime ? ` at model time ${modelTime}` : "";
      return say(`${who}${where} died${when} and the run stopped`, run.ended_at, found.filter((concern) => concern !== death));
    }
    case "late": {
      const late = found.find((concern) => concern.level === "late" && concern.job?.kind === "compute");
      const who = late?.job ? `The ${jobPhrase(late.job)}` : "Its compute job";
      return say(`${who} should have ended`, run.late_at, found.filter((concern) => concern !== late));
    }
    case "queued":
      return last
        ? say("Waiting for its next compute job; the last one ended", last.ended_at)
        : say("No compute job has started yet", null);
    case "running": {
      const since = last && jobSeconds(last, now);
      return say(`Computing${typeof since === "number" ? ` for ${duration(Math.max(1, Math.floor(since)))} in this job` : ""}; last heard`, notAhead(run.last_message_at, now));
    }
    case "complete":
      return say(`Ended as it should${lasted(run)}`, run.ended_at);
  }
}

/** A clock that is ahead says what is yet to come: it was heard just now. */
const notAhead = (at: string, now: number): string => (Date.parse(at) > now ? new Date(now).toISOString() : at);

function lasted(run: Simulation): string {
  if (!run.started_at || !run.ended_at) return "";
  return ` after ${duration((Date.parse(run.ended_at) - Date.parse(run.started_at)) / 1000)},`;
}

function lastCompute(jobs: readonly Job[]): Job | null {
  let last: Job | null = null;
  for (const job of jobs) {
    if (job.kind === "compute" && (!last || placeOf(job) >= placeOf(last))) last = job;
  }
  return last;
}

const placeOf = (job: Job): number => Date.parse(job.started_at ?? job.last_message_at);

function besides(found: readonly Concern[]): string {
  const counts = [
    [found.filter((concern) => concern.level === "error").length, "job died", "jobs died"],
    [found.filter((concern) => concern.level === "late").length, "job is late", "jobs are late"],
    [found.reduce((sum, concern) => sum + commandsOf(concern), 0), "command failed", "commands failed"],
  ] as const;
  return counts
    .filter(([number]) => number > 0)
    .map(([number, one, more]) => `${number} ${number === 1 ? one : more}`)
    .join(", ");
}

const commandsOf = (concern: Concern): number => Math.max(concern.job?.failed_commands ?? 0, concern.commands.length);
