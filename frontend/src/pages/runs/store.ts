/** The list that is shown, with what moves it: the reader's actions, HTTP and the live stream. */

import { batch, signal } from "@preact/signals";
import { type Problem, get, isAborted, problemFrom } from "../../api/http";
import type { Simulation, SimulationPage } from "../../api/types";
import type { LiveEvent } from "../../live/protocol";
import { type View, apiQuery, countsQuery, viewOf } from "../../logic/filters";
import { now } from "../../state/clock";
import { query } from "../../state/location";
import { attention } from "./attention";
import { Frames } from "./frames";
import { RunsList } from "./list";
import { Recount } from "./recount";

export const list = new RunsList();

/** The view that the rows are of; null before the first answer. */
export const shown = signal<View | null>(null);
/** An answer is awaited. */
export const busy = signal(false);
/** Why there is nothing to show of the view that was asked for. */
export const failure = signal<{ view: View; problem: Problem } | null>(null);
/** Why what is shown may have gaps; it is tried again by itself. */
export const behind = signal<Problem | null>(null);
/** The list was loaded again, and is not shown whole, so as not to move under the reader. */
export const overdue = signal(false);

const MINUTE = 60_000;

let own = false;
let countedAt = 0;
let heardMeanwhile = false;

const frames = new Frames(take);
const recount = new Recount(askCounts, {
  now: () => performance.now(),
  after(milliseconds, then) {
    const timer = window.setTimeout(then, milliseconds);
    return () => window.clearTimeout(timer);
  },
});

/** The next load is one that the reader asks for: what it shows may move. */
export function ownAction(): void {
  own = true;
}

/**
 * Loads what the address says; the rows of another view give way only when the answer is there.
 *
 * @returns false: it may succeed later
 */
export async function load(signal: AbortSignal): Promise<boolean> {
  const view = viewOf(query.peek());
  const same = isShown(view);
  const asked = own || !same;
  own = false;
  if (!asked) list.forget();
  heardMeanwhile = false;
  overdue.value = false;
  busy.value = asked;
  try {
    const page = await get<SimulationPage>(`/simulations?${apiQuery(view)}`, signal);
    arrived(view, page, asked);
    return true;
  } catch (error) {
    if (isAborted(error) && signal.aborted) throw error;
    return refused(view, problemFrom(error), same);
  } finally {
    if (!signal.aborted) busy.value = false;
  }
}

/** Events of the stream. */
export function apply(events: LiveEvent[]): void {
  heardMeanwhile = true;
  frames.add(events);
}

/** The page is left. */
export function leave(): void {
  busy.value = false;
  failure.value = null;
  frames.clear();
  recount.stop();
  list.forget();
}

/** A second has passed; true: it is time to load what could not be shown. */
export function tick(): boolean {
  list.tick(now.peek());
  // Runs that nobody has spoken of become late, or too old for the span that is asked for.
  if (shown.peek() && performance.now() > countedAt + MINUTE && !document.hidden) {
    countedAt = performance.now();
    recount.want();
  }
  return overdue.peek() && attention.undisturbed();
}

const sameRows = (one: View, other: View): boolean => apiQuery(one) === apiQuery(other);

/** The rows are those that this view asks for. */
export function isShown(view: View): boolean {
  return shown.value !== null && sameRows(shown.value, view);
}

/** Why this view cannot be shown; null: nothing is known against it. */
export function failureOf(view: View): Problem | null {
  return failure.value !== null && sameRows(failure.value.view, view) ? failure.value.problem : null;
}

function arrived(view: View, page: SimulationPage, asked: boolean): void {
  const whole = asked || attention.undisturbed();
  batch(() => {
    if (whole) list.show(view, page, now.peek());
    else list.merge(page, now.peek());
    overdue.value = !whole;
    shown.value = view;
    failure.value = null;
    behind.value = null;
  });
  counted();
  // Whether the counts have these already, nobody knows.
  if (heardMeanwhile) recount.want();
}

function counted(): void {
  countedAt = performance.now();
  recount.fresh();
}

function refused(view: View, problem: Problem, same: boolean): boolean {
  if (same) behind.value = problem;
  else failure.value = { view, problem };
  return !problem.passing;
}

const occasion = () => ({ now: now.peek(), undisturbed: attention.undisturbed() });

function take(events: LiveEvent[]): void {
  const vanished = events.filter((event) => event.data === null && list.has(event.uid));
  const told = vanished.length ? events.filter((event) => !vanished.includes(event)) : events;
  if (list.apply(told, occasion())) recount.want();
  for (const event of vanished) void vanish(event);
}

/** Deleted, or only too large for a frame: the row is struck out unless HTTP knows it. */
async function vanish(event: LiveEvent): Promise<void> {
  const run = await get<Simulation>(`/simulations/${encodeURIComponent(event.uid)}`).catch(() => null);
  list.apply([{ ...event, data: run }], occasion());
}

async function askCounts(): Promise<void> {
  const view = shown.peek();
  if (!view) return;
  const page = await get<SimulationPage>(`/simulations?${countsQuery(view)}`);
  if (shown.peek() === view) list.recount(page, now.peek());
}
