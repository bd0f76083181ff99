/** How fast a run simulates, and when it may be done if it goes on like that. */

import type { Period } from "../../api/types";
import { parseModelDate, yearsOf } from "./model-time";

export interface Pace {
  /** Simulated years in a day of the clock. */
  yearsPerDay: number;
  /** Over how many periods it was taken. */
  periods: number;
}

/** Periods that count: the pace of last month says little of today's. */
const RECENT = 40;
const DAY = 86_400_000;

/**
 * From the begin of an earlier period to that of the last one; null while there are fewer than
 * three, or where they do not go forward.
 */
export function paceOf(periods: readonly Period[]): Pace | null {
  const recent = periods.slice(-RECENT);
  const [first, last] = [recent[0], recent.at(-1)];
  if (recent.length < 3 || !first || !last) return null;
  const [from, to] = [parseModelDate(first.begin), parseModelDate(last.begin)];
  const wall = Date.parse(last.at) - Date.parse(first.at);
  if (!from || !to || wall <= 0) return null;
  const years = yearsOf(to) - yearsOf(from);
  return years > 0 ? { yearsPerDay: (years * DAY) / wall, periods: recent.length } : null;
}

/** Milliseconds of the clock until the run's last date at this pace; null where it cannot be said. */
export function leftAt(pace: Pace | null, run: { output_end: string | null }, periods: readonly Period[]): number | null {
  const end = parseModelDate(run.output_end);
  const last = periods.at(-1);
  const begun = parseModelDate(last?.begin ?? null);
  if (!pace || !end || !begun) return null;
  const years = yearsOf(end) - yearsOf(begun);
  return years > 0 ? (years / pace.yearsPerDay) * DAY : null;
}

/** `12.4`, `0.031`: enough figures to compare, no more. */
export const figure = (number: number): string =>
  number >= 1000 ? Math.round(number).toLocaleString("en-GB") : String(Number(number.toPrecision(3)));

export interface TimedPeriod extends Period {
  /** Seconds until the next one began; null for the last. */
  took: number | null;
}

/** Each with how long it lasted on the clock. */
export function timed(periods: readonly Period[]): TimedPeriod[] {
  return periods.map((period, index) => {
    const next = periods[index + 1];
    return { ...period, took: next ? (Date.parse(next.at) - Date.parse(period.at)) / 1000 : null };
  });
}
