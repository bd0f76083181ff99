/** Happenings out of messages, in the words in which the platform's own timeline says them. */

import type { Message, TimelineEntry } from "../../api/types";
import { duration, size } from "../../logic/formats";

type Body = Record<string, unknown>;

const LIFECYCLE = "monitoring";
const LONGEST = 500;
const ABSENT = new Set(["", "null", "N/A"]);

/** What the timeline says of a message; null where it is no happening of the run's life. */
export function happeningOf(message: Message): TimelineEntry | null {
  if (message.app !== LIFECYCLE) return null;
  return {
    at: message.timestamp,
    message_uid: message.uid,
    code: message.routed_as,
    name: message.name,
    job_uid: message.job_uid,
    text: sentence(message),
  };
}

/** One short line for a reader: what the platform says in a timeline, and of a transfer what was moved. */
export function sentence(message: Pick<Message, "routed_as" | "body" | "name">): string {
  const text = SENTENCES[message.routed_as]?.(message.body) ?? message.name;
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

/** A value as one line; empty where it is absent. */
function word(body: Body, field: string): string {
  const value = body[field];
  if (value === null || value === undefined || typeof value === "object") return "";
  const text = String(value).split(/\s+/).filter(Boolean).join(" ");
  return ABSENT.has(text) ? "" : text;
}

function simulationStarts(body: Body): string {
  const [name, machine, centre] = [word(body, "name"), word(body, "machine"), word(body, "centre")];
  return [`simulation ${name ? `${name} ` : ""}starts`, machine && `on ${machine}`, centre && `(${centre})`].filter(Boolean).join(" ");
}

function periodBegins(body: Body): string {
  const number = word(body, "CumulPeriod") || "0";
  const [begin, end] = [word(body, "PeriodDateBegin"), word(body, "PeriodDateEnd")];
  return begin && end ? `period ${number} begins: ${begin} to ${end}` : `period ${number} begins`;
}

const computeStarts = (body: Body): string => {
  const scheduler = word(body, "jobSchedulerID");
  return scheduler ? `compute job starts, scheduler id ${scheduler}` : "compute job starts";
};

const starts = (kind: string) => (body: Body) => {
  const about = ["Name", "Date", "Dimn", "Comp", "File"].map((field) => word(body, `postProcessing${field}`));
  const words = about.filter(Boolean).join(" ");
  return words ? `${kind} starts: ${words}` : `${kind} starts`;
};

const commandFails = (kind: string) => (body: Body) => {
  const command = word(body, "command");
  return command ? `command failed in ${kind}: ${command}` : `command failed in ${kind}`;
};

/** Sizes come in megabytes, durations in milliseconds, both perhaps without a leading zero. */
function transfer(body: Body): string {
  const [action, megabytes, milliseconds] = ["actionName", "size_Mo", "duration_ms"].map((field) => word(body, field));
  const [bytes, seconds] = [Number(megabytes || "x") * 1e6, Number(milliseconds || "x") / 1000];
  const figures = [Number.isFinite(bytes) ? size(bytes) : "", Number.isFinite(seconds) ? `in ${duration(seconds)}` : ""];
  const what = [action, figures.filter(Boolean).join(" ")].filter(Boolean).join(", ");
  return what ? `file transfer: ${what}` : "file transfer";
}

const [COMPUTE, POST, CHECKER] = ["compute job", "post-processing job", "checker job"] as const;

const SENTENCES: Record<string, (body: Body) => string> = {
  "0000": simulationStarts,
  "0100": () => "simulation ends",
  "1000": computeStarts,
  "1001": periodBegins,
  "1100": () => `${COMPUTE} ends`,
  "1900": commandFails(COMPUTE),
  "1999": () => `${COMPUTE} dies: the run stops`,
  "2000": starts(POST),
  "2100": () => `${POST} ends`,
  "2900": commandFails(POST),
  "2999": () => `${POST} dies`,
  "3000": starts(CHECKER),
  "3100": () => `${CHECKER} ends`,
  "3900": commandFails(CHECKER),
  "3999": () => `${CHECKER} dies`,
  "7000": transfer,
  "8888": () => "the simulation is deleted",
};

/** How a code is to be drawn: what went wrong is seen first. */
export type Tone = "start" | "end" | "period" | "failed" | "died" | "other";

export function toneOf(code: string): Tone {
  if (/^[123]999$/.test(code) || code === "8888") return "died";
  if (/^[123]900$/.test(code)) return "failed";
  if (code === "1001") return "period";
  if (/^[0123]000$/.test(code)) return "start";
  return /^[0123]100$/.test(code) ? "end" : "other";
}

/** What failed, of a happening that tells of a failed command. */
export function commandOf(entry: TimelineEntry): string {
  const colon = entry.text.indexOf(": ");
  return colon < 0 ? "a command that is not named" : entry.text.slice(colon + 2);
}
