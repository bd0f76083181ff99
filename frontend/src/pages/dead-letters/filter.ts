/** Which dead letters are asked for: what the address of the page says, and what the API is asked. */

import type { DeadLetter } from "../../api/types";
import { codeOf } from "./reasons";

/** Parameters of the page that the API has under the same names. */
export const FILTERS = ["reason", "stage", "door", "app", "mail", "resent", "since"] as const;
export type FilterName = (typeof FILTERS)[number];
export type Filter = Partial<Record<FilterName, string>>;

export const SPANS: readonly [value: string, words: string][] = [
  ["1W", "Last week"],
  ["2W", "Last 2 weeks"],
  ["1M", "Last month"],
  ["3M", "Last 3 months"],
  ["6M", "Last 6 months"],
  ["12M", "Last 12 months"],
];

const LIMIT = 50;

/** What the address asks for; what is empty asks for nothing. */
export function filterOf(query: string): Filter {
  const parameters = new URLSearchParams(query);
  const filter: Filter = {};
  for (const name of FILTERS) {
    const value = parameters.get(name);
    if (value && !(name === "since" && value === "*")) filter[name] = value;
  }
  return filter;
}

export const cursorOf = (query: string): string | null => new URLSearchParams(query).get("cursor");

export const isFiltered = (filter: Filter): boolean => Object.keys(filter).length > 0;

/** The query of the list. */
export function apiQuery(filter: Filter, cursor: string | null): string {
  const parameters = new URLSearchParams({ limit: String(LIMIT), ...filter });
  if (cursor) parameters.set("cursor", cursor);
  return parameters.toString();
}

/**
 * Whether a letter is one of those asked for.
 *
 * @param now milliseconds: letters of the future, as of the past, are there
 */
export function passes(letter: DeadLetter, filter: Filter, now: number): boolean {
  const { reason, stage, door, app, mail, resent, since } = filter;
  return (
    (!reason || codeOf(letter.reason) === reason) &&
    (!stage || letter.stage === stage) &&
    (!door || letter.door === door) &&
    (!app || letter.app === app) &&
    (!mail || letter.mail === mail) &&
    (!resent || (letter.resent_at !== null) === (resent === "true")) &&
    (!since || Date.parse(letter.at) >= beginOf(since, now))
  );
}

const DAY = 86_400_000;

/** When a span began: close enough for what is new, the server has the last word. */
function beginOf(since: string, now: number): number {
  const span = /^(\d+)([WM])$/.exec(since);
  if (!span) return Date.parse(since) || 0;
  return now - Number(span[1]) * (span[2] === "W" ? 7 : 30) * DAY;
}
