import { describe, expect, test } from "vitest";
import type { Stats } from "../../api/types";
import { GAP, grown, heldFor, type Sample, series, SPAN } from "./history";

const stats = (spool: number): Stats => ({ queues: [], spool, rates: {}, latency: {}, counts: {}, version: "1" });
const sample = (at: number, spool = at): Sample => ({ at, stats: stats(spool) });
const spool = (stats: Stats) => stats.spool;

describe("history", () => {
  test("keeps the last minutes", () => {
    let samples: Sample[] = [];
    for (let at = 0; at <= SPAN + 10_000; at += 2_000) samples = grown(samples, sample(at));
    expect([samples[0]?.at, samples.length]).toEqual([10_000, SPAN / 2_000 + 1]);
  });
  test("forgets what a clock that was set back would put in front of it", () => {
    expect(grown([sample(5), sample(10)], sample(7)).map(({ at }) => at)).toEqual([5, 7]);
  });
  test("as points, with a gap where nothing was heard", () => {
    const points = series([sample(0), sample(2_000), sample(2_000 + GAP + 1)], spool);
    expect(points.map(({ value }) => value)).toEqual([0, 2_000, null, 12_001]);
  });
  test("of a figure that is not told, points without a value", () => {
    expect(series([sample(0)], (stats) => stats.latency["mail_median_s"])).toEqual([{ at: 0, value: null }]);
  });
});

test.each([
  [[], 0],
  [[0], 0],
  [[3], 0],
  [[1, 2, 3], 2],
  [[1, 0, 3, 4], 1],
  [[1, 2, 0], 0],
  [[1, null, 2, 3], 1],
])("%j is held for %d", (values, held) => {
  expect(heldFor(values.map((value, at) => ({ at, value })))).toBe(held);
});
