import { beforeEach, describe, expect, it } from "vitest";
import { aPage, aRun, told } from "../../../tests/runs";
import type { Simulation } from "../../api/types";
import { countOf } from "../../logic/facets";
import { viewOf } from "../../logic/filters";
import { RunsList } from "./list";

const NOW = Date.parse("2026-03-31T12:00:00Z");
const QUIET = { now: NOW, undisturbed: true };
const WATCHED = { now: NOW, undisturbed: false };

const day = (number: number) => `2026-03-${String(number).padStart(2, "0")}T00:00:00Z`;

let list: RunsList;
let old: Simulation;
let middle: Simulation;
let young: Simulation;

const uids = () => list.rows.value.map((row) => row.uid);
const row = (run: Simulation) => list.rows.value.find((one) => one.uid === run.uid)!;
const states = (state: string) => countOf(list.counts.value.facets, "state", state);

function show(search = "", page = aPage([young, middle, old])): void {
  list.show(viewOf(search), page, NOW);
}

beforeEach(() => {
  list = new RunsList();
  old = aRun({ started_at: day(1), name: "old" });
  middle = aRun({ started_at: day(10), name: "middle" });
  young = aRun({ started_at: day(20), name: "young" });
  show();
});

const changed = (run: Simulation, said: Partial<Simulation>): Simulation => ({ ...run, revision: run.revision + 1, ...said });

describe("a row that is shown", () => {
  it("changes in its place, and tells what has changed", () => {
    const rows = list.rows.value;
    list.apply([told(changed(middle, { state: "error", progress: 0.7 }))], QUIET);

    expect(list.rows.value).toBe(rows);
    expect(row(middle).run.value.state).toBe("error");
    expect(row(middle).changes.value).toEqual({ state: 1, progress: 1 });
    expect([states("running"), states("error")]).toEqual([2, 1]);
  });

  it("never goes back to an older revision", () => {
    list.apply([told(changed(middle, { progress: 0.9 }))], QUIET);
    list.apply([told({ ...middle, progress: 0.1 })], QUIET);

    expect(row(middle).run.value.progress).toBe(0.9);
  });

  it("stays when it matches no more, and is itself again when it does", () => {
    show("?state=running");
    list.apply([told(changed(middle, { state: "complete" }))], QUIET);

    expect(uids()).toEqual([young.uid, middle.uid, old.uid]);
    expect(row(middle).fate.value).toBe("unmatched");
    expect(list.counts.value.total).toBe(2);

    list.apply([told(changed(middle, { state: "running", revision: 9 }))], QUIET);
    expect(row(middle).fate.value).toBe("shown");
    expect(list.counts.value.total).toBe(3);
  });

  it("stays when it is deleted, until the next action", () => {
    list.apply([told(middle.uid)], QUIET);

    expect(row(middle).fate.value).toBe("gone");
    expect([list.counts.value.total, states("running")]).toEqual([2, 2]);

    list.settle();
    expect(uids()).toEqual([young.uid, old.uid]);
  });

  it("does not move when its value is the one that is sorted by", () => {
    show("?sort=-progress", aPage([changed(young, { progress: 0.9 }), changed(old, { progress: 0.2 })]));
    list.apply([told(changed(old, { progress: 0.95, revision: 9 }))], QUIET);

    expect(uids()).toEqual([young.uid, old.uid]);
    expect(list.disordered.value).toBe(true);

    list.settle();
    expect(uids()).toEqual([old.uid, young.uid]);
    expect(list.disordered.value).toBe(false);
  });

  it("is late when its hour has come, without a message", () => {
    show("", aPage([changed(young, { late_at: "2026-03-31T12:00:10Z" }), old]));

    list.tick(NOW + 9_000);
    expect(row(young).run.value.state).toBe("running");
    list.tick(NOW + 10_001);
    expect(row(young).run.value.state).toBe("late");
    expect([states("running"), states("late")]).toEqual([1, 1]);
  });
});

describe("a new run", () => {
  const fresh = aRun({ started_at: day(15), revision: 1 });

  it("is put in at its place when nobody is at the table", () => {
    list.apply([told(fresh)], QUIET);

    expect(uids()).toEqual([young.uid, fresh.uid, middle.uid, old.uid]);
    expect(row(fresh).fresh.value).toBe(true);
    expect([list.counts.value.total, states("running")]).toEqual([4, 4]);
  });

  it("waits when somebody is, counted, and comes when it is wanted", () => {
    list.apply([told(fresh)], WATCHED);

    expect(uids()).toEqual([young.uid, middle.uid, old.uid]);
    expect(list.pending.value).toEqual({ count: 1, allNew: true });
    expect(list.counts.value.total).toBe(4);

    list.settle();
    expect(uids()).toEqual([young.uid, fresh.uid, middle.uid, old.uid]);
    expect(list.pending.value.count).toBe(0);
  });

  it("that stops matching while it waits is not counted any more", () => {
    show("?state=running");
    list.apply([told(fresh)], WATCHED);
    list.apply([told(changed(fresh, { state: "error" }))], WATCHED);

    expect(list.pending.value.count).toBe(0);
    expect(list.counts.value.total).toBe(3);
  });

  it("that is deleted while it waits is forgotten", () => {
    list.apply([told(fresh)], WATCHED);
    list.apply([told(fresh.uid)], WATCHED);

    expect([list.pending.value.count, list.counts.value.total]).toEqual([0, 3]);
  });

  it("that does not match changes nothing but the counts of others", () => {
    show("?machine=irene");
    list.apply([told(aRun({ machine: "curie", revision: 1 }))], QUIET);

    expect(uids()).toHaveLength(3);
    expect(list.counts.value.total).toBe(3);
    expect(countOf(list.counts.value.facets, "machine", "curie")).toBe(1);
  });

  it("comes to an empty list", () => {
    show("", aPage([]));
    list.apply([told(fresh)], QUIET);

    expect(uids()).toEqual([fresh.uid]);
  });

  it("is not shown twice, however often it is told", () => {
    list.apply([told(fresh), told(fresh)], QUIET);
    list.apply([told(fresh)], QUIET);

    expect(uids()).toHaveLength(4);
    expect(list.counts.value.total).toBe(4);
  });
});

describe("a page among pages", () => {
  const next = "cursor-of-next";

  it("leaves to the next page what comes after its last row", () => {
    show("", aPage([young, middle], { next, total: 9 }));
    list.apply([told(aRun({ started_at: day(5), revision: 1 }))], QUIET);

    expect(uids()).toEqual([young.uid, middle.uid]);
    expect(list.counts.value.total).toBe(10);
  });

  it("leaves to the page before what comes before its first row", () => {
    show("?cursor=c&from=51", aPage([middle, old], { total: 52 }));
    list.apply([told(aRun({ started_at: day(25), revision: 1 }))], QUIET);
    list.apply([told(aRun({ started_at: day(5), revision: 1 }))], QUIET);

    expect(uids()).toHaveLength(3);
    expect(uids()[0]).toBe(middle.uid);
  });

  it("does not grow without end: what falls off at the end is on the next page", () => {
    show("?limit=2", aPage([young, middle], { next }));
    const many = [21, 22, 23].map((number) => aRun({ started_at: day(number), revision: 1 }));
    list.apply(many.map(told), QUIET);

    expect(uids()).toHaveLength(4);
    expect(uids()[3]).toBe(young.uid);
    expect([list.more.value, list.next.value]).toEqual([true, null]);
  });

  it("asks before it lets in old runs whose value has changed", () => {
    show("?sort=-last_message_at", aPage([young, middle], { next, total: 9 }));
    const heard = aRun({ last_message_at: "2026-03-31T11:00:00Z" });
    const unsure = list.apply([told(heard)], QUIET);

    expect(unsure).toBe(true);
    expect(uids()).toHaveLength(2);
    expect(list.pending.value).toEqual({ count: 1, allNew: false });
  });
});

describe("a run that is not listed", () => {
  const elsewhere = aRun({ started_at: day(2) });

  beforeEach(() => show("", aPage([young, middle], { next: "n", total: 9 })));

  it("makes the counts unsure when it is heard of for the first time", () => {
    expect(list.apply([told(elsewhere)], QUIET)).toBe(true);
    expect(states("running")).toBe(2);
  });

  it("moves the counts from then on", () => {
    list.apply([told(elsewhere)], QUIET);

    expect(list.apply([told(changed(elsewhere, { state: "error" }))], QUIET)).toBe(false);
    expect([states("running"), states("error")]).toEqual([1, 1]);
  });

  it("is unsure again after a gap in what was heard", () => {
    list.apply([told(elsewhere)], QUIET);
    list.forget();

    expect(list.apply([told(changed(elsewhere, { state: "error" }))], QUIET)).toBe(true);
  });
});

describe("an answer of the server", () => {
  it("keeps rows that it lists again, and what the stream has told since", () => {
    const kept = row(middle);
    list.apply([told(changed(middle, { progress: 0.9 }))], QUIET);
    show();

    expect(row(middle)).toBe(kept);
    expect(kept.run.value.progress).toBe(0.9);
    expect(kept.changes.value).toEqual({});
  });

  it("moves no row where it is only merged", () => {
    const fresh = aRun({ started_at: day(25) });
    list.merge(aPage([fresh, changed(young, { progress: 0.8 })], { total: 12 }), NOW);

    expect(uids()).toEqual([young.uid, middle.uid, old.uid]);
    expect(row(young).run.value.progress).toBe(0.8);
    expect([list.pending.value.count, list.counts.value.total]).toEqual([1, 12]);
  });
});

it("takes ten thousand events of two hundred rows as one change of each", () => {
  const runs = Array.from({ length: 200 }, (_, at) => aRun({ started_at: day(1 + (at % 28)) }));
  list.show(viewOf("?limit=200"), aPage(runs), NOW);
  const drawn = runs.map(() => 0);
  runs.forEach((run, at) => row(run).run.subscribe(() => (drawn[at] = drawn[at]! + 1)));

  const events = Array.from({ length: 10_000 }, (_, at) =>
    told({ ...runs[at % 200]!, revision: 6 + at, progress: at / 10_000 }),
  );
  list.apply(events, QUIET);

  // Once when it was subscribed to.
  expect(new Set(drawn)).toEqual(new Set([2]));
  expect(list.counts.value.total).toBe(200);
});
