/** What the queues say of the apps that they belong to. */

import type { Queue } from "../../api/types";

/** Seconds after which what waits is old, and very old. */
export const OLD = 60;
export const VERY_OLD = 600;

/** The queue of what no app takes: the archive turns it into dead letters. */
const DEAD = "dead";

/** `sim-mon` of `prod.sim-mon`: what stands before the first dot is the platform's mode. */
export const appOf = (queue: string): string => queue.slice(queue.indexOf(".") + 1);

export const isDead = (queue: string): boolean => appOf(queue) === DEAD;

export const titleOf = (queue: string): string => (isDead(queue) ? "what no app takes" : appOf(queue));

/** Who has to take from it. */
export const takerOf = (queue: string): string => (isDead(queue) ? "archive" : appOf(queue));

export type Pace = "idle" | "working" | "behind" | "stuck" | "unattended";

/** How a queue stands. */
export function paceOf(queue: Queue): Pace {
  const waiting = queue.ready + queue.unacked;
  const age = queue.oldest_age ?? 0;
  if (queue.consumers === 0) return "unattended";
  if (waiting === 0) return "idle";
  if (age >= VERY_OLD) return "stuck";
  return age >= OLD ? "behind" : "working";
}
