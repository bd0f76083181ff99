import { expect, test } from "vitest";
import { aJob, at, noon } from "../../../tests/a-run";
import { jobAt, stateAt } from "./late";
import { inState, ofKind, tally, told } from "./tallies";

test("a running job is late from its hour on, without anybody saying so", () => {
  const job = aJob("a", { late_at: at(60) });
  expect(jobAt(job, noon + 60_000)).toBe(job);
  expect(jobAt(job, noon + 60_001).state).toBe("late");
});

test("what has ended is never late", () => {
  expect(stateAt({ state: "complete", late_at: at(0) }, noon + 1)).toBe("complete");
  expect(stateAt({ state: "running", late_at: null }, noon + 1)).toBe("running");
});

test("jobs are counted by kind and state", () => {
  const tallies = tally([aJob("a"), aJob("b", { state: "error" }), aJob("c", { kind: "checker", state: "error" })]);
  expect(tallies.compute).toMatchObject({ running: 1, error: 1 });
  expect([inState(tallies, "error"), ofKind(tallies, "compute"), ofKind(tallies, "post_processing")]).toEqual([2, 2, 0]);
});

test("before the jobs are read, the run's own counts stand for them", () => {
  const counts = { queued: 0, running: 3, complete: 0, late: 0, error: 0 };
  expect(inState(told({ compute: counts }), "running")).toBe(3);
});
