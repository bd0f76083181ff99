/** The order of times, to the microsecond: messages of one moment tell a story too. */

const FRACTION = /\.(\d+)/;

/** For `sort`: the earlier of two RFC 3339 times comes first. */
export function byTime(a: string, b: string): number {
  // A Date knows milliseconds only.
  return Date.parse(a) - Date.parse(b) || micros(a) - micros(b);
}

const micros = (text: string): number => Number((FRACTION.exec(text)?.[1] ?? "").padEnd(6, "0").slice(0, 6));
