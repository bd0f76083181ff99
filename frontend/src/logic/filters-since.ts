/** The parameter `since`: a time, or a span before now, by the API's calendar (UTC). */

/**
 * The moment from which on a run must have been heard of.
 *
 * @param words `1W`, `3M`, an RFC 3339 time, or `*`
 * @param now milliseconds since the epoch
 * @returns milliseconds since the epoch; null for all times, and for what the API will refuse
 */
export function sinceBegins(words: string | null, now: number): number | null {
  const span = /^(\d+)([WM])$/.exec(words ?? "");
  if (span) return span[2] === "W" ? now - Number(span[1]) * 7 * 86_400_000 : monthsBefore(now, Number(span[1]));
  const time = words === null || words === "*" ? Number.NaN : Date.parse(words);
  return Number.isFinite(time) ? time : null;
}

/** The same day of an earlier month, or its last day where it is shorter. */
function monthsBefore(now: number, months: number): number {
  const then = new Date(now);
  const day = then.getUTCDate();
  then.setUTCDate(1);
  then.setUTCMonth(then.getUTCMonth() - months);
  const longest = new Date(Date.UTC(then.getUTCFullYear(), then.getUTCMonth() + 1, 0)).getUTCDate();
  then.setUTCDate(Math.min(day, longest));
  return then.getTime();
}
