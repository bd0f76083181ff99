/**
 * The model's own time, for display: which date a run has reached, and how fast it goes.
 *
 * A model's calendar may have no leap years or twelve months of thirty days, and its years may be
 * few or many: dates are never JavaScript's. Distances are taken in years of 365.25 days at most;
 * the share of a run that is done comes from the platform, which knows the calendar.
 */

import type { Period } from "../../api/types";

export interface ModelDate {
  year: number;
  month: number;
  day: number;
}

const DATE = /^([+-]?\d{4,9})(-?)(\d\d)\2(\d\d)$/;

/** `18500101` or `1850-01-01`; null for what is no date of any calendar. */
export function parseModelDate(text: string | null): ModelDate | null {
  const found = DATE.exec(text?.trim() ?? "");
  if (!found) return null;
  const [year, month, day] = [Number(found[1]), Number(found[3]), Number(found[4])];
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? { year, month, day } : null;
}

/** Years since year 0, as a number to draw and to compare by. */
export const yearsOf = ({ year, month, day }: ModelDate): number => year + (month - 1 + (day - 1) / 31) / 12;

/** `1850-01-01`. */
export function dateText({ year, month, day }: ModelDate): string {
  const digits = String(Math.abs(year)).padStart(4, "0");
  return `${year < 0 ? "-" : ""}${digits}-${two(month)}-${two(day)}`;
}

const two = (number: number): string => String(number).padStart(2, "0");

/** `1852-07` of 1852.5. */
export function monthText(years: number): string {
  const months = Math.floor(years * 12 + 1e-6);
  const year = Math.floor(months / 12);
  return dateText({ year, month: months - year * 12 + 1, day: 1 }).slice(0, -3);
}

export interface Reached {
  text: string;
  /** False: placed between the first and the last date by the run's progress. */
  exact: boolean;
}

/** The date that the run has come to: the last end of its periods, else one that its progress means. */
export function reached(
  run: { output_start: string | null; output_end: string | null; progress: number },
  periods: readonly Period[],
): Reached | null {
  const start = parseModelDate(run.output_start);
  const end = parseModelDate(run.output_end);
  const last = greatestEnd(periods);
  if (last) return { text: dateText(end && yearsOf(last) > yearsOf(end) ? end : last), exact: true };
  if (!start || !end || yearsOf(end) <= yearsOf(start)) return null;
  if (run.progress <= 0) return { text: dateText(start), exact: true };
  if (run.progress >= 1) return { text: dateText(end), exact: true };
  const years = yearsOf(start) + run.progress * (yearsOf(end) - yearsOf(start));
  return { text: monthText(years), exact: false };
}

function greatestEnd(periods: readonly Period[]): ModelDate | null {
  let greatest: ModelDate | null = null;
  for (const period of periods) {
    const date = parseModelDate(period.end);
    if (date && (!greatest || yearsOf(date) > yearsOf(greatest))) greatest = date;
  }
  return greatest;
}
