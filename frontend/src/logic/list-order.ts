/**
 * The order of the list of runs, as the API sorts it: by the field, then by uid; what has no
 * value comes last in both directions; within a state the newest comes first.
 */

import type { Simulation } from "../api/types";

export type Comparison = (one: Simulation, other: Simulation) => number;

type Key = string | number | null;

/** Longer texts are sorted as if there were none: they do not fit into a cursor. */
const LONGEST = 400;

/** Fields whose value changes while a run lives: by these, rows get out of order. */
const VOLATILE = new Set(["state", "progress", "last_message_at", "ended_at", "revision", "tries"]);

const TIMES = new Set(["started_at", "ended_at", "last_message_at"]);

export interface Sort {
  field: string;
  descending: boolean;
}

export function sortOf(text: string): Sort {
  return text.startsWith("-") ? { field: text.slice(1), descending: true } : { field: text, descending: false };
}

export const isVolatile = (sort: string): boolean => VOLATILE.has(sortOf(sort).field);

export function comparisonOf(text: string): Comparison {
  const { field, descending } = sortOf(text);
  if (field === "state") return byState(descending);
  return byField(field, descending);
}

function byField(field: string, descending: boolean): Comparison {
  const sign = descending ? -1 : 1;
  return (one, other) => {
    const [a, b] = [keyOf(one, field), keyOf(other, field)];
    if (a === null || b === null) {
      if (a === null && b === null) return sign * compare(one.uid, other.uid);
      return a === null ? 1 : -1;
    }
    return sign * (compare(a, b) || compare(one.uid, other.uid));
  };
}

function byState(descending: boolean): Comparison {
  const newest = byField("started_at", true);
  const sign = descending ? -1 : 1;
  return (one, other) => sign * compare(one.state, other.state) || newest(one, other);
}

function keyOf(run: Simulation, field: string): Key {
  const value = (run as unknown as Record<string, Key | undefined>)[field] ?? null;
  if (typeof value !== "string") return value;
  if (TIMES.has(field)) return instant(value);
  return value.length > LONGEST && [...value].length > LONGEST ? null : value;
}

/** Microseconds count. Without its Z a whole second is the beginning of all that lie in it. */
const instant = (text: string): string => (text.endsWith("Z") ? text.slice(0, -1) : text);

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Where an object belongs among others that stand in order.
 *
 * @returns the number of those that come before it
 */
export function placeAmong<T>(sorted: readonly T[], before: (other: T) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (before(sorted[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}
