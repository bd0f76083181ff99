/** Runs for tests: an ordinary one, with what a test says of it. */

import type { Simulation, SimulationPage } from "../src/api/types";
import type { LiveEvent } from "../src/live/protocol";
import { FACETS } from "../src/logic/filters";

let number = 0;

export function aRun(said: Partial<Simulation> = {}): Simulation {
  number += 1;
  return {
    uid: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    name: `RUN-${number}`,
    state: "running",
    progress: 0.5,
    activity: "IPSL",
    centre: "TGCC",
    machine: "irene",
    login: "amartin",
    experiment: "piControl",
    model: "IPSLCM6",
    space: "PROD",
    accounting_project: "gencmip6",
    output_start: "1850-01-01",
    output_end: "1859-12-31",
    started_at: "2026-03-01T00:00:00Z",
    ended_at: null,
    late_at: null,
    last_message_at: "2026-03-31T00:00:00Z",
    try: 1,
    tries: 1,
    active: true,
    jobs: {},
    flags: [],
    revision: 5,
    ...said,
  };
}

/** A page of the API with these rows, and counts as if they were all there are. */
export function aPage(items: Simulation[], said: Partial<SimulationPage> = {}): SimulationPage {
  const facets: SimulationPage["facets"] = {};
  for (const facet of FACETS) {
    const counts = new Map<string | null, number>();
    for (const run of items) counts.set(run[facet], (counts.get(run[facet]) ?? 0) + 1);
    facets[facet] = [...counts].map(([value, count]) => ({ value, label: value ?? "(none)", count }));
  }
  return { items, next: null, total: items.length, facets, ...said };
}

let seq = 0;

/** What the stream says of a run; null: it is gone. */
export function told(run: Simulation | string): LiveEvent {
  seq += 1;
  const [uid, data] = typeof run === "string" ? [run, null] : [run.uid, run];
  return { seq, type: "simulation", at: "2026-03-31T12:00:00Z", uid, data };
}
