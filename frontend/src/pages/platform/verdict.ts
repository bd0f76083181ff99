/** Is the platform well? If not: what is wrong, and what helps. */

import type { Queue, Stats } from "../../api/types";
import { count, duration } from "../../logic/formats";
import { isDead, paceOf, takerOf, titleOf } from "./queues";

export type Tone = "good" | "warning" | "bad" | "unknown";

export interface Finding {
  tone: "warning" | "bad";
  what: string;
  remedy: string;
}

export interface Verdict {
  tone: Tone;
  title: string;
  findings: Finding[];
}

export interface Signs {
  /** Of each check `ok`, or why it is not; null: never heard. */
  checks: Record<string, string> | null;
  stats: Stats | null;
  /** Neither `/ready` nor the stream answers. */
  silent: boolean;
  /** Milliseconds for which mails have waited to be published. */
  spooledFor: number;
}

/** Milliseconds in which mails are published in a platform that is well. */
const PROMPT = 60_000;

export function verdictOf(signs: Signs): Verdict {
  if (signs.silent) return SILENT;
  if (!signs.checks && !signs.stats) return { tone: "unknown", title: "Looking …", findings: [] };
  const failed = failedChecks(signs.checks ?? {});
  const found = [...failed.map(([name, why]) => ofCheck(name, why)), ...ofQueues(signs, failed), ...ofSpool(signs)];
  const findings = found.sort((a, b) => Number(b.tone === "bad") - Number(a.tone === "bad"));
  if (!findings.length) return { tone: "good", title: "All well", findings };
  const bad = findings.some(({ tone }) => tone === "bad");
  return { tone: bad ? "bad" : "warning", title: titleFor(findings, bad), findings };
}

const SILENT: Verdict = {
  tone: "bad",
  title: "The platform does not answer",
  findings: [
    {
      tone: "bad",
      what: "Neither its live stream nor its checks can be reached.",
      remedy:
        "Is its web process running (systemctl status, or the terminal of prodiguer up)? Its log says why it ended. Mails are kept by the senders until it is back.",
    },
  ],
};

function titleFor(findings: Finding[], bad: boolean): string {
  const what = findings.length === 1 ? "1 thing" : `${findings.length} things`;
  if (!bad) return `Working, but ${what} should be looked at`;
  return `Not well: ${what} ${findings.length === 1 ? "needs" : "need"} somebody`;
}

const OK = "ok";

export const failedChecks = (checks: Record<string, string>): [name: string, why: string][] =>
  Object.entries(checks).filter(([, result]) => result !== OK);

/** `app sim-mon` is the check of an app; the others are of what all of it stands on. */
export const checkedApp = (name: string): string | null => (name.startsWith("app ") ? name.slice(4) : null);

const CHECKS = new Map<string, [what: string, remedy: string]>([
  ["broker", ["The broker does not answer", "Until it is back mails wait in the inbox and nothing is lost. prodiguer doctor says what it meets."]],
  ["database", ["The database does not answer", "Is there room on its disk, and may this account write there? prodiguer doctor says what it meets."]],
  ["smtp", ["The mail door is shut", "Senders keep their mails and try again. prodiguer doctor looks at its port; the log says why it shut."]],
]);

function ofCheck(name: string, why: string): Finding {
  const app = checkedApp(name);
  if (app !== null) {
    const remedy = `Its log says why. Start it with prodiguer run ${app}, or the whole with prodiguer up; its messages wait in its queue.`;
    return { tone: "bad", what: `The app ${app} is not at work: ${why}`, remedy };
  }
  const known = CHECKS.get(name);
  const remedy = known?.[1] ?? "prodiguer doctor looks at everything and names remedies.";
  return { tone: "bad", what: `${known?.[0] ?? `The check “${name}” fails`}: ${why}`, remedy };
}

function ofQueues(signs: Signs, failed: [name: string, why: string][]): Finding[] {
  // An app that is known not to work is told of once.
  const told = new Set(failed.map(([name]) => checkedApp(name)));
  const queues = (signs.stats?.queues ?? []).filter(({ name }) => !told.has(takerOf(name)));
  return queues.map(ofQueue).filter((finding) => finding !== null);
}

function ofQueue(queue: Queue): Finding | null {
  const app = takerOf(queue.name);
  const waiting = queue.ready + queue.unacked;
  const messages = waiting === 1 ? "1 message waits" : `${count(waiting)} messages wait`;
  const name = isDead(queue.name) ? `the queue of ${titleOf(queue.name)}` : `the queue of ${app}`;
  const age = duration(queue.oldest_age ?? 0);
  switch (paceOf(queue)) {
    case "unattended":
      return {
        tone: waiting ? "bad" : "warning",
        what: `Nobody takes from ${name}${waiting ? `: ${messages}` : ""}`,
        remedy: `Start the app with prodiguer run ${app}. Nothing is lost meanwhile.`,
      };
    case "stuck":
      return {
        tone: "bad",
        what: `${capital(name)} does not move: ${messages}, the oldest for ${age}`,
        remedy: `The log of ${app} says what it is at. prodiguer queues shows the queues from a terminal.`,
      };
    case "behind":
      return {
        tone: "warning",
        what: `${capital(name)} is behind: ${messages}, the oldest for ${age}`,
        remedy: "It may catch up by itself after a burst. If its age grows, look into the app's log.",
      };
    default:
      return null;
  }
}

function ofSpool({ stats, spooledFor }: Signs): Finding[] {
  if (!stats?.spool || spooledFor < PROMPT) return [];
  const mails = stats.spool === 1 ? "1 mail or body waits" : `${count(stats.spool)} mails or bodies wait`;
  return [
    {
      tone: "warning",
      what: `${mails} in the inbox and ${stats.spool === 1 ? "is" : "are"} not published`,
      remedy: "The broker may be away or slow; they are safe on disk. The log of the mail door says what it waits for.",
    },
  ];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
