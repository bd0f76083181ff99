/** Which stretch of the model's time was computed when: the band above the jobs. */

import type { Period } from "../../api/types";
import { dateText, parseModelDate } from "./model-time";

export interface ModelSpan {
  label: string;
  /** Milliseconds of the clock. */
  from: number;
  to: number;
}

/** With so many years and more, a span is a year; with fewer, a period. */
const YEARS = 4;
/** More spans than this cannot be told apart on a screen. */
const MOST = 400;

/** In their order; the last goes on until `until` (ms). */
export function modelSpans(periods: readonly Period[], until: number): ModelSpan[] {
  const begun = periods.flatMap((period) => {
    const date = parseModelDate(period.begin);
    return date ? [{ date, at: Date.parse(period.at) }] : [];
  });
  const years = new Set(begun.map(({ date }) => date.year)).size;
  const spans: ModelSpan[] = [];
  for (const { date, at } of begun) {
    const text = dateText(date);
    const label = years < YEARS ? text.slice(0, -3) : text.slice(0, -6);
    const last = spans.at(-1);
    if (last?.label === label) continue;
    if (last) last.to = Math.max(last.from, at);
    spans.push({ label, from: at, to: Math.max(at, until) });
  }
  return thinned(spans);
}

/** Every n-th, each as long as those that it stands for. */
function thinned(spans: ModelSpan[]): ModelSpan[] {
  const step = Math.ceil(spans.length / MOST);
  if (step <= 1) return spans;
  const kept = spans.filter((_, index) => index % step === 0);
  const end = spans.at(-1)?.to;
  return kept.map((span, index) => ({ ...span, to: kept[index + 1]?.from ?? end ?? span.to }));
}
