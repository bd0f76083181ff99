/** Something is done to several dead letters, one after the other, and told at the end. */

import { Problem } from "../../api/http";
import { codeOf } from "./reasons";

export type Deed = "resend" | "drop";

/** What came of one letter. */
export type Outcome =
  | { id: string; done: true; at: string | null }
  | { id: string; done: false; gone: boolean; problem: Problem };

export interface Account {
  deed: Deed;
  /** How many were to be dealt with. */
  asked: number;
  outcomes: readonly Outcome[];
  /** Why it was broken off, the rest untouched; null: it was not. */
  stopped: Problem | "cancelled" | null;
}

/** These are no fault of the letter: the next one would meet them as well. */
const ENDS_ALL = new Set([0, 401, 403, 429, 500, 502, 503, 504]);

/**
 * @param act deals with one letter; gives the time at which it was resent
 * @param each is told after every letter
 */
export async function carryOut(
  deed: Deed,
  ids: readonly string[],
  act: (id: string) => Promise<string | null>,
  each: (account: Account) => void,
  signal: AbortSignal,
): Promise<Account> {
  let account: Account = { deed, asked: ids.length, outcomes: [], stopped: null };
  for (const id of ids) {
    if (signal.aborted) account = { ...account, stopped: "cancelled" };
    else account = await one(account, id, act);
    each(account);
    if (account.stopped) break;
  }
  return account;
}

async function one(account: Account, id: string, act: (id: string) => Promise<string | null>): Promise<Account> {
  try {
    const at = await act(id);
    return { ...account, outcomes: [...account.outcomes, { id, done: true, at }] };
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem(-1, "Something went wrong", String(error));
    if (ENDS_ALL.has(problem.status)) return { ...account, stopped: problem };
    const outcome: Outcome = { id, done: false, gone: problem.status === 404, problem };
    return { ...account, outcomes: [...account.outcomes, outcome] };
  }
}

export type Tone = "good" | "mixed" | "bad";

/** What happened, in a sentence or two. */
export function summary(account: Account): { tone: Tone; text: string; detail: string } {
  const done = account.outcomes.filter((outcome) => outcome.done).length;
  const failed = account.outcomes.filter((outcome) => !outcome.done);
  const gone = failed.filter((outcome) => outcome.gone).length;
  const refused = failed.filter((outcome) => !outcome.gone);
  const parts: string[] = [];
  if (done) parts.push(account.deed === "resend" ? `${done} accepted` : `${done} dropped`);
  if (refused.length) parts.push(`${refused.length} refused again: ${reasons(refused.map(({ problem }) => problem))}`);
  if (gone) parts.push(`${gone} ${gone === 1 ? "was" : "were"} gone already`);
  const rest = account.asked - account.outcomes.length;
  if (account.stopped) parts.push(ending(account.stopped, rest));
  const tone: Tone = account.stopped || (refused.length && !done) ? "bad" : refused.length ? "mixed" : "good";
  const text = capital(`${parts.join(", ")}.`);
  const only = refused.length === 1 ? refused[0]?.problem.detail : undefined;
  return { tone, text, detail: account.stopped instanceof Problem ? remedy(account.stopped) : (only ?? "") };
}

function reasons(problems: Problem[]): string {
  const counts = new Map<string, number>();
  for (const problem of problems) {
    const reason = problem.said.reason;
    const word = reason === undefined ? problem.title : problems.length === 1 ? reason : codeOf(reason);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([word, count]) => (counts.size > 1 ? `${word} (${count})` : word)).join(", ");
}

function ending(why: Problem | "cancelled", rest: number): string {
  const untouched = rest === 1 ? "1 is untouched" : `${rest} are untouched`;
  if (why === "cancelled") return `stopped, ${untouched}`;
  if (why.status === 403) return `not allowed, ${untouched}`;
  return `${why.status === 0 ? "no answer" : why.title.toLowerCase()}, ${untouched}`;
}

function remedy(problem: Problem): string {
  if (problem.status !== 403) return problem.detail;
  return "To resend or drop, the token needs the scope “operate”: its operator makes one with prodiguer token create NAME --scope read --scope operate.";
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
