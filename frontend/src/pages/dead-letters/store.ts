/** What the page of dead letters shows, and what moves it: HTTP, the stream, and the reader's deeds. */

import { computed, signal } from "@preact/signals";
import { get, isAborted, post, Problem, problemFrom, remove } from "../../api/http";
import type { DeadLetter, Page, Stats } from "../../api/types";
import type { LiveEvent } from "../../live/protocol";
import { Reading } from "../../live/reading";
import { now } from "../../state/clock";
import { query } from "../../state/location";
import { type Account, carryOut, type Deed } from "./deeds";
import { apiQuery, cursorOf, filterOf } from "./filter";
import { dropped, type List, listOf, release, resent, told } from "./list";

export const reading = new Reading();

/** Null before the first answer. */
export const list = signal<List | null>(null);
/** Why there is nothing to show. */
export const failure = signal<Problem | null>(null);
/** An answer is awaited. */
export const busy = signal(false);
/** The ids that the reader has marked. */
export const marked = signal<ReadonlySet<string>>(new Set());
/** Names of apps to choose from. */
export const apps = signal<readonly string[]>([]);
/** What is being done to letters, or was done last. */
export const account = signal<Account | null>(null);
/** Ends what is being done; null: nothing is. */
export const running = signal<AbortController | null>(null);

/** The letters that are marked and still there, in the order of the list. */
export const chosen = computed<DeadLetter[]>(() =>
  (list.value?.rows ?? []).filter((row) => !row.dropped && marked.value.has(row.letter.id)).map((row) => row.letter),
);

/** The query of the list that the address asks for. */
export const wanted = computed(() => apiQuery(filterOf(query.value), cursorOf(query.value)));

export async function load(signal?: AbortSignal): Promise<boolean> {
  const asked = query.peek();
  busy.value = true;
  try {
    const page = await get<Page<DeadLetter>>(`/dead-letters?${wanted.peek()}`, signal);
    list.value = listOf(filterOf(asked), cursorOf(asked), page);
    failure.value = null;
    keepMarks();
  } catch (error) {
    if (isAborted(error)) return true; // another load has taken over
    return failed(problemFrom(error), asked);
  }
  busy.value = false;
  void loadApps();
  return true;
}

/** What is shown of the same view stays; of another it would be a lie. */
function failed(problem: Problem, asked: string): boolean {
  busy.value = false;
  const shown = list.peek();
  const same = shown !== null && apiQuery(shown.filter, null) === apiQuery(filterOf(asked), null);
  if (!same || !problem.passing) {
    list.value = null;
    failure.value = problem;
  }
  return !problem.passing;
}

export function apply(events: LiveEvent[]): void {
  const before = list.peek();
  if (before) list.value = told(before, events, reading.now() || marked.peek().size > 0, now.peek());
}

/** Show what waits at the top. */
export function showNew(): void {
  if (list.value) list.value = release(list.value);
}

/** The reader has turned away: what waited comes in. */
export function settle(): void {
  const before = list.peek();
  if (before?.newest && !reading.now() && marked.peek().size === 0) list.value = release(before);
}

export function mark(ids: readonly string[], on: boolean): void {
  const next = new Set(marked.value);
  for (const id of ids) {
    if (on) next.add(id);
    else next.delete(id);
  }
  marked.value = next;
}

export const unmarkAll = (): void => {
  marked.value = new Set();
};

/** The page is left. */
export function leave(): void {
  unmarkAll();
  account.value = null;
  failure.value = null;
}

/** Resend or drop letters, one after the other; what is done is shown as it is done. */
export async function perform(deed: Deed, ids: readonly string[]): Promise<void> {
  if (running.peek() || !ids.length) return;
  const stop = new AbortController();
  running.value = stop;
  account.value = { deed, asked: ids.length, outcomes: [], stopped: null };
  const act = deed === "resend" ? resendOne : dropOne;
  const end = await carryOut(deed, ids, act, (so) => (account.value = so), stop.signal);
  running.value = null;
  // Those that were refused stay marked: something is still to be done about them.
  const settled = end.outcomes.filter((outcome) => outcome.done || outcome.gone).map(({ id }) => id);
  mark(settled, false);
}

async function resendOne(id: string): Promise<string> {
  const { resent_at } = await post<{ resent_at: string }>(`/dead-letters/${encodeURIComponent(id)}/resend`).catch(goneIs(id));
  change((before) => resent(before, id, resent_at, now.peek()));
  return resent_at;
}

async function dropOne(id: string): Promise<null> {
  await remove(`/dead-letters/${encodeURIComponent(id)}`).catch(goneIs(id));
  change((before) => dropped(before, id));
  return null;
}

/** Somebody else has dropped it. */
const goneIs = (id: string) => (error: unknown) => {
  if (error instanceof Problem && error.status === 404) change((before) => dropped(before, id));
  throw error;
};

function change(by: (list: List) => List): void {
  if (list.value) list.value = by(list.value);
}

function keepMarks(): void {
  const there = new Set(list.value?.rows.map((row) => row.letter.id));
  marked.value = new Set([...marked.value].filter((id) => there.has(id)));
}

/** Best effort: the filter has fewer names to choose from where it fails. */
async function loadApps(): Promise<void> {
  if (apps.peek().length) return;
  const stats = await get<Stats>("/stats").catch(() => null);
  const names = (stats?.queues ?? []).map(({ name }) => name.slice(name.indexOf(".") + 1));
  apps.value = names.filter((name) => name !== "dead").sort();
}
