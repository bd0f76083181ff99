import { describe, expect, test } from "vitest";
import { aJob, at, aTool, noon } from "../../../tests/a-run";
import { gantt } from "./gantt";

const now = noon + 1_000_000;
const ran = (uid: string, from: number, to: number) => aJob(uid, { started_at: at(from), ended_at: at(to), state: "complete" });
const tool = (uid: string, name: string, from: number, to: number) =>
  aTool(uid, name, { started_at: at(from), ended_at: at(to), state: "complete" });

describe("lanes", () => {
  test("jobs one after the other share one, jobs at the same time do not", () => {
    const { bars, lanes } = gantt([ran("c", 15, 30), ran("a", 0, 10), ran("b", 10, 20)], now);
    expect(bars.map(({ job, lane }) => [job.uid, lane])).toEqual([
      ["a", 0],
      ["b", 0],
      ["c", 1],
    ]);
    expect(lanes.map(({ first }) => first)).toEqual([true, false]);
  });

  test("compute stands first, then each tool by its first start, then the checkers", () => {
    const jobs = [
      aJob("k", { kind: "checker", started_at: at(1) }),
      tool("p", "pack", 20, 30),
      tool("t", "create_ts", 10, 15),
      ran("a", 0, 10),
    ];
    expect(gantt(jobs, now).lanes.map(({ label }) => label)).toEqual(["compute", "create_ts", "pack", "checker"]);
  });

  test("of too many tools there is one group", () => {
    const jobs = Array.from({ length: 40 }, (_, index) => tool(`j${index}`, `tool${index}`, index * 10, index * 10 + 5));
    expect(gantt(jobs, now).lanes).toEqual([{ label: "post-processing", kind: "post_processing", first: true }]);
  });

  test("no two bars of a lane overlap, with hundreds of jobs too", () => {
    const jobs = Array.from({ length: 300 }, (_, index) => tool(`j${index}`, `tool${index % 5}`, (index * 37) % 900, ((index * 37) % 900) + 40));
    const ends = new Map<number, number>();
    for (const bar of gantt(jobs, now).bars) {
      expect(bar.from).toBeGreaterThanOrEqual(ends.get(bar.lane) ?? 0);
      ends.set(bar.lane, bar.to);
    }
  });
});

describe("bars", () => {
  test("of jobs that go on reach to now", () => {
    const [bar] = gantt([aJob("a")], now).bars;
    expect(bar).toMatchObject({ from: noon, to: now, open: true, anchored: false });
  });

  test("without a start stand where they were heard of", () => {
    const [bar] = gantt([aJob("a", { started_at: null, last_message_at: at(5) })], now).bars;
    expect(bar).toMatchObject({ from: noon + 5000, to: noon + 5000, anchored: true });
  });

  test("never end before they begin", () => {
    const [bar] = gantt([ran("a", 100, 50)], now).bars;
    expect(bar?.to).toBe(bar?.from);
  });

  test("span the picture; without any there is one all the same", () => {
    expect(gantt([ran("a", 0, 10), ran("b", 20, 30)], now)).toMatchObject({ from: noon, to: noon + 30_000 });
    const empty = gantt([], now);
    expect(empty.bars).toEqual([]);
    expect(empty.to).toBeGreaterThan(empty.from);
  });
});
