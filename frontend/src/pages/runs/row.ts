/** A row of the list: what it shows are signals, so that a change draws this row and no other. */

import { type Signal, signal } from "@preact/signals";
import type { Simulation } from "../../api/types";

/** `unmatched`: the filters do not fit any more; `gone`: deleted. Both stay until the next action. */
export type Fate = "shown" | "unmatched" | "gone";

/** Parts of a row that light up when they change. */
export const PARTS = ["state", "progress", "jobs", "try", "place", "name"] as const;
export type Part = (typeof PARTS)[number];

export interface Row {
  readonly uid: string;
  readonly run: Signal<Simulation>;
  readonly fate: Signal<Fate>;
  /** How often each part has changed since the row is shown. */
  readonly changes: Signal<Partial<Record<Part, number>>>;
  /** The run as it was when the row got its place: the list is in order by these. */
  placed: Simulation;
  /** It came by itself, after the page was loaded. */
  readonly fresh: Signal<boolean>;
}

export function rowOf(run: Simulation, fresh = false): Row {
  return { uid: run.uid, run: signal(run), fate: signal("shown"), changes: signal({}), placed: run, fresh: signal(fresh) };
}

/** Shows a newer state of the run in its place. */
export function update(row: Row, run: Simulation, fate: Fate): void {
  const before = row.run.peek();
  row.run.value = run;
  row.fate.value = fate;
  const parts = PARTS.filter((part) => differs(part, before, run));
  if (parts.length === 0) return;
  const changes = { ...row.changes.peek() };
  for (const part of parts) changes[part] = (changes[part] ?? 0) + 1;
  row.changes.value = changes;
}

/** Shows the run as the server has just listed it: nothing of it is news. */
export function relist(row: Row, run: Simulation): Row {
  row.run.value = run;
  row.fate.value = "shown";
  row.changes.value = {};
  row.fresh.value = false;
  row.placed = run;
  return row;
}

function differs(part: Part, before: Simulation, after: Simulation): boolean {
  switch (part) {
    case "state":
      return before.state !== after.state;
    case "progress":
      return before.progress !== after.progress;
    case "jobs":
      return JSON.stringify(before.jobs) !== JSON.stringify(after.jobs);
    case "try":
      return before.try !== after.try || before.tries !== after.tries || before.active !== after.active;
    case "place":
      return before.machine !== after.machine || before.centre !== after.centre;
    case "name":
      return before.name !== after.name;
  }
}
