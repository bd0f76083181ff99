import { describe, expect, it } from "vitest";
import { aRun } from "../../tests/runs";
import type { Simulation } from "../api/types";
import { comparisonOf, isVolatile, placeAmong, sortOf } from "./list-order";

const sorted = (sort: string, runs: Simulation[]) => [...runs].sort(comparisonOf(sort)).map((run) => run.name);

describe("the order of the list", () => {
  it("has what is without a value last in both directions", () => {
    const runs = [aRun({ name: "none", machine: null }), aRun({ name: "b", machine: "b" }), aRun({ name: "a", machine: "a" })];

    expect(sorted("machine", runs)).toEqual(["a", "b", "none"]);
    expect(sorted("-machine", runs)).toEqual(["b", "a", "none"]);
  });

  it("goes by the uid where values are equal, in the same direction", () => {
    const runs = [aRun({ name: "first", uid: "1" }), aRun({ name: "second", uid: "2" })];

    expect(sorted("machine", runs)).toEqual(["first", "second"]);
    expect(sorted("-machine", runs)).toEqual(["second", "first"]);
  });

  it("tells microseconds apart, and whole seconds from parts of them", () => {
    const at = (name: string, started_at: string | null) => aRun({ name, started_at });
    const runs = [
      at("none", null),
      at("later", "2026-01-01T00:00:00.000002Z"),
      at("whole", "2026-01-01T00:00:00Z"),
      at("earlier", "2026-01-01T00:00:00.000001Z"),
    ];

    expect(sorted("started_at", runs)).toEqual(["whole", "earlier", "later", "none"]);
    expect(sorted("-started_at", runs)).toEqual(["later", "earlier", "whole", "none"]);
  });

  it("goes by the word of the state, and the newest first within it", () => {
    const runs = [
      aRun({ name: "old", state: "error", started_at: "2026-01-01T00:00:00Z" }),
      aRun({ name: "running", state: "running" }),
      aRun({ name: "new", state: "error", started_at: "2026-02-01T00:00:00Z" }),
      aRun({ name: "complete", state: "complete" }),
    ];

    expect(sorted("state", runs)).toEqual(["complete", "new", "old", "running"]);
    expect(sorted("-state", runs)).toEqual(["running", "new", "old", "complete"]);
  });

  it("takes a text that is too long for a cursor as none", () => {
    const runs = [aRun({ name: "a".repeat(401) }), aRun({ name: "b" })];

    expect(sorted("name", runs)[0]).toBe("b");
    expect(sorted("-name", runs)[0]).toBe("b");
  });
});

it("knows which fields change while a run lives", () => {
  expect(sortOf("-progress")).toEqual({ field: "progress", descending: true });
  expect([isVolatile("-progress"), isVolatile("-started_at"), isVolatile("name")]).toEqual([true, false, false]);
});

it("finds a place among others", () => {
  const place = (number: number) => placeAmong([1, 3, 3, 7], (other) => other <= number);

  expect([0, 1, 3, 6, 9].map(place)).toEqual([0, 1, 3, 3, 4]);
});
