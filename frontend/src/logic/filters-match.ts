/** Whether a run belongs to a view, by the same rules as the API's list. */

import type { Simulation } from "../api/types";
import { FACETS, type Facet, type View, allTries } from "./filters";
import { sinceBegins } from "./filters-since";
import { nameMatches } from "./filters-text";

/** Filters made ready for many runs: `word` for one facet alone, `rest` for all else. */
export interface Matcher {
  matches(run: Simulation): boolean;
  /** All filters but one fit, as that one's counts ask. */
  matchesBut(facet: Facet, run: Simulation): boolean;
}

/** @param now milliseconds since the epoch, by the server */
export function matcherOf(view: View, now: number): Matcher {
  const begins = sinceBegins(view.since, now);
  const given = FACETS.filter((facet) => view.words[facet] !== undefined);
  const word = (facet: Facet, run: Simulation) => run[facet] === view.words[facet];
  const rest = (run: Simulation) =>
    (allTries(view) || run.active) &&
    (begins === null || Date.parse(run.last_message_at) >= begins) &&
    (view.q === null || nameMatches(view.q, run.name));
  return {
    matches: (run) => given.every((facet) => word(facet, run)) && rest(run),
    matchesBut: (but, run) => given.every((facet) => facet === but || word(facet, run)) && rest(run),
  };
}

/**
 * The run as it is now: one that runs past its `late_at` is late, without a word from anybody.
 *
 * @param now milliseconds since the epoch, by the server
 */
export function asOf<T extends Simulation>(run: T, now: number): T {
  if (run.state !== "running" || run.late_at === null) return run;
  return Date.parse(run.late_at) < now ? { ...run, state: "late" } : run;
}
