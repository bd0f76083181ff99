/** What the page of the platform shows: its checks, figures and mails, and what moves them. */

import { computed, signal } from "@preact/signals";
import { get, getRoot, isAborted, type Problem, problemFrom } from "../../api/http";
import type { Mail, Page, Ready, Stats } from "../../api/types";
import { health } from "../../live/health";
import type { LiveEvent } from "../../live/protocol";
import { Reading } from "../../live/reading";
import { now } from "../../state/clock";
import { query } from "../../state/location";
import { Frames } from "../runs/frames";
import { grown, heldFor, type Sample, series } from "./history";
import { type Mails, mailsOf, told, release } from "./mails";
import { verdictOf } from "./verdict";

const LIMIT = 50;

export const reading = new Reading();

/** The figures of the last minutes, the newest last. */
export const samples = signal<readonly Sample[]>([]);
export const stats = computed<Stats | null>(() => samples.value.at(-1)?.stats ?? null);

/** What the checks said last, and when; null: nothing yet. */
export const checks = signal<{ at: number; results: Record<string, string> } | null>(null);
/** Why the checks could not be read the last time. */
export const unread = signal<Problem | null>(null);

export const mails = signal<Mails | null>(null);
export const failure = signal<Problem | null>(null);
export const busy = signal(false);

export const cursor = computed(() => new URLSearchParams(query.value).get("cursor"));

const spool = ({ spool }: Stats) => spool;

export const verdict = computed(() =>
  verdictOf({
    checks: checks.value?.results ?? null,
    stats: stats.value,
    silent: unread.value?.status === 0 && health.value !== "live",
    spooledFor: heldFor(series(samples.value, spool)),
  }),
);

/** Everything by HTTP. */
export async function load(signal?: AbortSignal): Promise<boolean> {
  const [mailsThere, figuresThere] = await Promise.all([loadMails(signal), loadStats(signal), loadChecks(signal)]);
  return mailsThere && figuresThere;
}

async function loadMails(signal?: AbortSignal): Promise<boolean> {
  const at = cursor.peek();
  busy.value = true;
  try {
    const page = await get<Page<Mail>>(`/mails?${address(at)}`, signal);
    mails.value = mailsOf(at, page);
    failure.value = null;
  } catch (error) {
    if (isAborted(error)) return true;
    return mailsFailed(problemFrom(error), at);
  }
  busy.value = false;
  return true;
}

function address(at: string | null): string {
  const parameters = new URLSearchParams({ limit: String(LIMIT) });
  if (at) parameters.set("cursor", at);
  return parameters.toString();
}

function mailsFailed(problem: Problem, at: string | null): boolean {
  busy.value = false;
  // What is shown of the same page stays.
  const same = mails.peek()?.newest === (at === null);
  if (!same || !problem.passing) {
    mails.value = null;
    failure.value = problem;
  }
  return !problem.passing;
}

async function loadStats(signal?: AbortSignal): Promise<boolean> {
  try {
    tookStats(await get<Stats>("/stats", signal));
  } catch (error) {
    return isAborted(error) || !problemFrom(error).passing;
  }
  return true;
}

/** `/ready` says 503 and which checks fail: that is an answer. */
export async function loadChecks(signal?: AbortSignal): Promise<void> {
  try {
    tookChecks((await getRoot<Ready>("/ready", signal)).checks);
  } catch (error) {
    if (isAborted(error)) return;
    const problem = problemFrom(error);
    if (problem.said.checks) tookChecks(problem.said.checks);
    else unread.value = problem;
  }
}

function tookChecks(results: Record<string, string>): void {
  checks.value = { at: now.peek(), results };
  unread.value = null;
}

/** Figures of the stream, every two seconds. */
export function tookStats(data: unknown): void {
  const said = data as Stats;
  if (!Array.isArray(said?.queues)) return;
  samples.value = grown(samples.peek(), { at: Date.now(), stats: said });
}

/** Events of the stream: what comes at once is shown at once. */
export const apply = (events: LiveEvent[]): void => frames.add(events);

const frames = new Frames(show);

function show(events: LiveEvent[]): void {
  const before = mails.peek();
  if (before) mails.value = told(before, events, reading.now());
}

/** Show what waits at the top. */
export function showNew(): void {
  if (mails.value) mails.value = release(mails.value);
}

/** The reader has turned away: what waited comes in. */
export function settle(): void {
  if (mails.value?.newest && !reading.now()) mails.value = release(mails.value);
}
