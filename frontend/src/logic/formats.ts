/** Times, durations and numbers as words. */

const DASH = "–";

/** 0.42 → `42 %`; never 100 before the end. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return DASH;
  // What floating point makes of 0.29 * 100 is no reason to show 28.
  const whole = Math.floor(Math.max(0, Math.min(1, share)) * 100 + 1e-9);
  return `${whole} %`;
}

/** 12345 → `12,345`. */
export function count(number: number): string {
  return Math.round(number).toLocaleString("en-GB");
}

/** Bytes → `2.1 MB`. */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit && value < 99.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Bytes → `2.1 MB (2,097,152 bytes)`, `31 B`. */
export const exactSize = (bytes: number): string =>
  bytes < 1000 ? size(bytes) : `${size(bytes)} (${count(bytes)} bytes)`;

/** Seconds → `3 d 4 h`, `12 min 5 s`, `0.4 s`: the two greatest units. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return DASH;
  const all = Math.max(0, seconds);
  if (all < 10) return `${all < 1 ? Number(all.toPrecision(2)) : Number(all.toFixed(1))} s`;
  const whole = Math.round(all);
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor(whole / 3_600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "min"],
    [whole % 60, "s"],
  ];
  const first = parts.findIndex(([number]) => number > 0);
  const shown = parts.slice(first, first + 2).filter(([number]) => number > 0);
  return shown.map(([number, unit]) => `${number} ${unit}`).join(" ");
}

/** How long ago, or in how long: `5 s ago`, `in 3 h`. */
export function ago(at: number, now: number): string {
  const seconds = Math.round((now - at) / 1000);
  if (!Number.isFinite(seconds)) return DASH;
  // Clocks that tick apart: what has just happened may seem to lie ahead for a moment.
  if (seconds < 2 && seconds > -10) return "just now";
  const [number, unit] = greatest(Math.abs(seconds));
  return seconds > 0 ? `${number} ${unit} ago` : `in ${number} ${unit}`;
}

function greatest(seconds: number): [number, string] {
  if (seconds < 60) return [seconds, "s"];
  if (seconds < 3_600) return [Math.floor(seconds / 60), "min"];
  if (seconds < 86_400) return [Math.floor(seconds / 3_600), "h"];
  return [Math.floor(seconds / 86_400), "d"];
}

/** `2026-03-01 14:05:09` in local time or UTC; a dash for none. */
export function moment(text: string | null, utc: boolean): string {
  const at = text === null ? Number.NaN : Date.parse(text);
  if (!Number.isFinite(at)) return DASH;
  // Moved by the offset, the parts of UTC read as those of the local clock.
  const shifted = utc ? at : at - new Date(at).getTimezoneOffset() * 60_000;
  return new Date(shifted).toISOString().slice(0, -5).replace("T", " ");
}

/** `18500230` → `1850-02-30`: the model's own calendar, so never a Date. */
export function modelDate(text: string | null): string {
  const match = /^(-?\d{4,})(\d{2})(\d{2})$/.exec(text ?? "");
  return match ? `${match[1]}-${match[2]}-${match[3]}` : (text ?? DASH);
}

/** What is there, or a dash. */
export const orDash = (text: string | null | undefined): string => text || DASH;

/** So that it fits: at most this many characters. */
export const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);
