/** The figures of the last minutes, as the stream told them. */

import type { Stats } from "../../api/types";

export interface Sample {
  /** Milliseconds. */
  at: number;
  stats: Stats;
}

/** Milliseconds that are kept. */
export const SPAN = 600_000;
/** Milliseconds between two samples after which nothing is known of what lay between. */
export const GAP = 10_000;

/** With one more; what is older than `SPAN`, or from a clock that was set back since, goes. */
export function grown(samples: readonly Sample[], next: Sample): Sample[] {
  const kept = samples.filter(({ at }) => at < next.at && next.at - at <= SPAN);
  return [...kept, next];
}

export interface Point {
  at: number;
  /** Null: not known then. */
  value: number | null;
}

/** One figure over time; where samples are missing stands a point without a value. */
export function series(samples: readonly Sample[], figure: (stats: Stats) => number | null | undefined): Point[] {
  const points: Point[] = [];
  let before = Number.POSITIVE_INFINITY;
  for (const { at, stats } of samples) {
    if (at - before > GAP) points.push({ at: before + 1, value: null });
    points.push({ at, value: figure(stats) ?? null });
    before = at;
  }
  return points;
}

/**
 * For how long a figure has been above nothing without a break.
 *
 * @returns milliseconds; 0 where it is not now
 */
export function heldFor(points: readonly Point[]): number {
  const last = points.at(-1);
  if (!last) return 0;
  const clear = points.findLastIndex(({ value }) => !value);
  const first = points[clear + 1];
  return first ? last.at - first.at : 0;
}
