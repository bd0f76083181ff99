/** What the page reads by HTTP. */

import { get } from "../../api/http";
import type { Job, Message, Page, Period, SimulationDetail, TimelineEntry } from "../../api/types";
import type { Filter } from "./shelf";

/** The most that the API gives at once. */
const LIMIT = 1000;
/** Pages of one list that are read at the most: what lies beyond is in the API. */
const MOST_PAGES = 20;
/** Messages at once: their bodies may be long. */
const MESSAGES = 100;

const of = (uid: string): string => `/simulations/${encodeURIComponent(uid)}`;

export const readRun = (uid: string, signal?: AbortSignal): Promise<SimulationDetail> => get(of(uid), signal);

export const readJobs = (uid: string, each: (jobs: Job[]) => void, signal?: AbortSignal): Promise<Job[]> =>
  readAll<Job>(`${of(uid)}/jobs`, each, signal);

export const readPeriods = (uid: string, each: (periods: Period[]) => void, signal?: AbortSignal): Promise<Period[]> =>
  readAll<Period>(`${of(uid)}/periods`, each, signal);

export const readHappenings = (
  uid: string,
  each: (entries: TimelineEntry[]) => void,
  signal?: AbortSignal,
): Promise<TimelineEntry[]> => readAll<TimelineEntry>(`${of(uid)}/timeline`, each, signal);

export function readMessages(
  uid: string,
  filter: Filter,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<Message>> {
  const query = new URLSearchParams({ limit: String(MESSAGES) });
  if (filter.code) query.set("code", filter.code);
  if (filter.job) query.set("job", filter.job);
  if (cursor) query.set("cursor", cursor);
  return get(`${of(uid)}/messages?${query}`, signal);
}

export const readMessage = (uid: string, signal?: AbortSignal): Promise<Message> =>
  get(`/messages/${encodeURIComponent(uid)}`, signal);

/** All items of a list; `each` sees every page as it comes. */
async function readAll<T>(path: string, each: (items: T[]) => void, signal?: AbortSignal): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const after: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
    const page: Page<T> = await get(`${path}?limit=${LIMIT}${after}`, signal);
    each(page.items);
    all.push(...page.items);
    cursor = page.next;
    if (cursor === null) break;
  }
  return all;
}
