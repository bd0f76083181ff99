/** Counts by value of each filter, moved on by what the stream tells. */

import type { FacetValue, Simulation } from "../api/types";
import { FACETS, type Facet } from "./filters";
import type { Matcher } from "./filters-match";

export type Facets = Partial<Record<Facet, FacetValue[]>>;

/** A run as it was counted and as it is: null before it was there, null after it is gone. */
export type Move = [before: Simulation | null, after: Simulation | null];

export interface Counts {
  facets: Facets;
  total: number | null;
  /** Given instead of `total` where nobody counted them all. */
  atLeast: number | null;
}

export const NO_COUNTS: Counts = { facets: {}, total: null, atLeast: null };

const NONE = "(none)";
/** A longer value cannot be asked for, and so is not counted. */
const LONGEST = 256;

/** The counts after some moves; values keep their places, new ones come last. */
export function moved(counts: Counts, moves: readonly Move[], matcher: Matcher): Counts {
  let total = 0;
  const changes = new Map(FACETS.map((facet) => [facet, new Map<string | null, number>()]));
  const note = (run: Simulation | null, sign: 1 | -1) => {
    if (run === null) return;
    if (matcher.matches(run)) total += sign;
    for (const facet of FACETS) {
      if (!matcher.matchesBut(facet, run)) continue;
      const values = changes.get(facet)!;
      values.set(run[facet], (values.get(run[facet]) ?? 0) + sign);
    }
  };
  for (const [before, after] of moves) {
    note(before, -1);
    note(after, 1);
  }
  const facets: Facets = { ...counts.facets };
  for (const [facet, values] of changes) facets[facet] = shifted(facets[facet] ?? [], values);
  return {
    facets,
    total: counts.total === null ? null : Math.max(0, counts.total + total),
    atLeast: counts.atLeast,
  };
}

function shifted(values: FacetValue[], changes: ReadonlyMap<string | null, number>): FacetValue[] {
  const left = new Map([...changes].filter(([, by]) => by !== 0));
  if (left.size === 0) return values;
  const known = values.map((entry) => {
    const by = left.get(entry.value);
    left.delete(entry.value);
    return by === undefined ? entry : { ...entry, count: Math.max(0, entry.count + by) };
  });
  const added = [...left]
    .filter(([value, by]) => by > 0 && (value === null || value.length <= LONGEST))
    .map(([value, count]) => ({ value, label: value ?? NONE, count }));
  return [...known, ...added];
}

/** New counts from the server in the places of the old ones: a list that is read does not jump. */
export function inPlace(old: Facets, fresh: Facets): Facets {
  const result: Facets = {};
  for (const facet of FACETS) result[facet] = settled(old[facet] ?? [], fresh[facet] ?? []);
  return result;
}

function settled(old: FacetValue[], fresh: FacetValue[]): FacetValue[] {
  const left = new Map(fresh.map((entry) => [entry.value, entry]));
  const kept = old.map((entry) => {
    const now = left.get(entry.value);
    left.delete(entry.value);
    return now ?? { ...entry, count: 0 };
  });
  return [...kept, ...left.values()];
}

/** How many runs have a value; null where that is not known. */
export function countOf(facets: Facets, facet: Facet, value: string): number | null {
  const values = facets[facet];
  if (!values) return null;
  return values.find((entry) => entry.value === value)?.count ?? 0;
}
