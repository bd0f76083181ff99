/** Runs that have come to belong to the page that is shown: put in, or kept until they are wanted. */

import type { Simulation } from "../../api/types";
import { type Comparison, placeAmong } from "../../logic/list-order";
import { type Row, rowOf } from "./row";

/** The part of the whole list that a page is. */
export interface Stretch {
  /** Nothing comes before it. */
  first: boolean;
  /** Something comes after it. */
  more: boolean;
}

/** Whether a run's place is on this page, and not on one before or after it. */
export function belongs(run: Simulation, rows: readonly Row[], stretch: Stretch, compare: Comparison): boolean {
  const [head, tail] = [rows[0], rows.at(-1)];
  if (!head || !tail) return stretch.first || !stretch.more;
  if (!stretch.first && compare(run, head.placed) < 0) return false;
  return !stretch.more || compare(run, tail.placed) < 0;
}

export interface Inserted {
  rows: Row[];
  /** Rows were left out at the end, for there were too many. */
  cut: boolean;
}

/** The rows with some runs among them, each at its place, no more than `most` of them. */
export function insert(rows: readonly Row[], runs: readonly Simulation[], compare: Comparison, most: number): Inserted {
  const sorted = [...runs].sort(compare).slice(0, most);
  const result: Row[] = [];
  let from = 0;
  for (const run of sorted) {
    const at = placeAmong(rows, (row) => compare(row.placed, run) <= 0);
    while (from < at) result.push(rows[from++] as Row);
    result.push(rowOf(run, true));
  }
  while (from < rows.length) result.push(rows[from++] as Row);
  const cut = result.length > most || runs.length > most;
  return { rows: result.slice(0, most), cut };
}
