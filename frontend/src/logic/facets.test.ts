import { describe, expect, it } from "vitest";
import { aPage, aRun } from "../../tests/runs";
import { type Counts, type Facets, countOf, inPlace, moved } from "./facets";
import { viewOf } from "./filters";
import { matcherOf } from "./filters-match";

const NOW = Date.parse("2026-03-31T12:00:00Z");
const matcher = (search = "") => matcherOf(viewOf(search), NOW);

function countsOf(runs: ReturnType<typeof aRun>[]): Counts {
  const page = aPage(runs);
  return { facets: page.facets as Facets, total: runs.length, atLeast: null };
}

describe("counts", () => {
  const run = aRun({ state: "running" });
  const other = aRun({ state: "running", machine: "curie" });

  it("move from the old state to the new one", () => {
    const after = moved(countsOf([run, other]), [[run, { ...run, state: "error" }]], matcher());

    expect(countOf(after.facets, "state", "running")).toBe(1);
    expect(countOf(after.facets, "state", "error")).toBe(1);
    expect(after.total).toBe(2);
  });

  it("take up new runs and let go of deleted ones", () => {
    const fresh = aRun({ machine: "lumi", state: "queued" });
    const after = moved(countsOf([run, other]), [[null, fresh], [run, null]], matcher());

    expect(after.total).toBe(2);
    expect(countOf(after.facets, "machine", "lumi")).toBe(1);
    expect(countOf(after.facets, "machine", "irene")).toBe(0);
  });

  it("of a filter are narrowed by the others, not by itself", () => {
    const counts = countsOf([run]);
    const after = moved(counts, [[run, { ...run, state: "error" }]], matcher("?state=running"));

    expect(after.total).toBe(0);
    expect(countOf(after.facets, "state", "error")).toBe(1);
    expect(countOf(after.facets, "machine", "irene")).toBe(0);
  });

  it("keep the places of values, and what they do not know of is last", () => {
    const fresh = aRun({ machine: "adastra" });
    const after = moved(countsOf([run, other]), [[null, fresh]], matcher());

    expect(after.facets.machine?.map((entry) => entry.value)).toEqual(["irene", "curie", "adastra"]);
  });

  it("never fall below nothing, and leave an unknown total unknown", () => {
    const after = moved({ facets: {}, total: null, atLeast: 10_000 }, [[run, null]], matcher());

    expect(after).toMatchObject({ total: null, atLeast: 10_000 });
    expect(after.facets.state).toEqual([]);
  });

  it("do not count what is too long to be asked for", () => {
    const after = moved(countsOf([]), [[null, aRun({ experiment: "x".repeat(257) })]], matcher());

    expect(after.facets.experiment).toEqual([]);
  });
});

it("new counts come in the places of the old", () => {
  const value = (name: string, count: number) => ({ value: name, label: name, count });
  const settled = inPlace(
    { machine: [value("a", 3), value("b", 2)] },
    { machine: [value("c", 9), value("b", 5)] },
  );

  expect(settled.machine).toEqual([value("a", 0), value("b", 5), value("c", 9)]);
});
