/** The frames of `GET /api/v1/live`, as docs/live.md describes them. */

export interface LiveEvent {
  seq: number;
  type: string;
  at: string;
  uid: string;
  /** The object as HTTP gives it; null: it is gone, or too large for a frame. */
  data: unknown;
}

export type Frame =
  | { type: "hello"; seq: number; at: string }
  | { type: "batch"; seq: number; events: LiveEvent[] }
  | { type: "reset"; seq: number }
  | { type: "pong"; seq: number; at: string }
  | { type: "stats"; seq: number; at: string; data: unknown }
  | { type: "error"; title: string; detail: string }
  | LiveEvent;

/** What a frame's text says; null where it is none of ours. */
export function parseFrame(text: string): Frame | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null; // a proxy's page, perhaps: the feed counts it as silence
  }
  if (typeof value !== "object" || value === null || !("type" in value)) return null;
  return typeof value.type === "string" ? (value as Frame) : null;
}
