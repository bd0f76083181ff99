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
  | { type: "batch"; events: LiveEvent[] }
  | { type: "event"; event: LiveEvent }
  | { type: "reset"; seq: number }
  | { type: "pong"; at: string }
  | { type: "stats"; data: unknown }
  | { type: "error" };

/** What a frame's text says; null where it is none of ours: it then counts as silence. */
export function parseFrame(text: string): Frame | null {
  const said = objectOf(text);
  if (said === null) return null;
  const { type, seq, at } = said;
  switch (type) {
    case "hello":
      return isNumber(seq) ? { type, seq, at: String(at) } : null;
    case "reset":
      return isNumber(seq) ? { type, seq } : null;
    case "batch":
      return Array.isArray(said["events"]) ? { type, events: said["events"].filter(isEvent) } : null;
    case "pong":
      return { type, at: String(at) };
    case "stats":
      return { type, data: said["data"] };
    case "error":
      return { type };
    default:
      return isEvent(said) ? { type: "event", event: said } : null;
  }
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null; // a proxy's page, perhaps
  }
}

const isNumber = (value: unknown): value is number => typeof value === "number";

function isEvent(value: unknown): value is LiveEvent {
  if (typeof value !== "object" || value === null) return false;
  const event = value as Partial<LiveEvent>;
  return isNumber(event.seq) && typeof event.type === "string" && typeof event.uid === "string";
}
