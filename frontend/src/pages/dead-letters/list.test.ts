import { describe, expect, test } from "vitest";
import { letter } from "../../../tests/letters";
import type { DeadLetter } from "../../api/types";
import type { Filter } from "./filter";
import { dropped, type List, listOf, release, resent, told } from "./list";

const NOW = Date.parse("2026-03-02T00:00:00Z");
const LATER = "2026-03-01T13:00:00Z";

const shown = (filter: Filter = {}, cursor: string | null = null): List =>
  listOf(filter, cursor, { items: [letter("b"), letter("a")], next: "more", total: 7 });

let seq = 0;
const says = (data: DeadLetter) => ({ seq: ++seq, type: "dead-letter", at: data.at, uid: data.id, data });
const gone = (uid: string) => ({ seq: ++seq, type: "dead-letter", at: LATER, uid, data: null });
const ids = (list: List) => list.rows.map((row) => row.letter.id);

describe("a new one", () => {
  test("comes in at the top", () => {
    const list = told(shown(), [says(letter("c", { at: LATER })), says(letter("d", { at: LATER }))], false, NOW);
    expect([ids(list), list.total]).toEqual([["d", "c", "b", "a"], 9]);
  });
  test("waits while somebody reads, until it is asked for", () => {
    const list = told(shown(), [says(letter("c"))], true, NOW);
    expect([ids(list), list.held.length, list.total]).toEqual([["b", "a"], 1, 8]);
    expect(ids(release(list))).toEqual(["c", "b", "a"]);
  });
  test("waits beside a later page, whoever reads", () => {
    const list = told(shown({}, "cursor"), [says(letter("c"))], false, NOW);
    expect([ids(list), list.held.length]).toEqual([["b", "a"], 1]);
  });
  test("is none of these where the filter leaves it out", () => {
    const list = told(shown({ reason: "not-json" }), [says(letter("c"))], false, NOW);
    expect([ids(list), list.total]).toEqual([["b", "a"], 7]);
  });
  test("comes once, however often it is told", () => {
    const events = [says(letter("c")), says(letter("c"))];
    expect(ids(told(told(shown(), events, true, NOW), events, false, NOW))).toEqual(["c", "b", "a"]);
  });
  test("is not one that was resent from another page", () => {
    const old = letter("0", { at: "2026-02-01T00:00:00Z", resent_at: LATER });
    expect(ids(told(shown(), [says(old)], false, NOW))).toEqual(["b", "a"]);
    const quick = letter("c", { at: LATER, resent_at: LATER });
    expect(ids(told(shown(), [says(quick)], false, NOW))).toEqual(["c", "b", "a"]);
  });
  test("of an empty list is its first", () => {
    const empty = listOf({}, null, { items: [], next: null, total: 0 });
    expect(ids(told(empty, [says(letter("c"))], false, NOW))).toEqual(["c"]);
  });
});

describe("one that is shown", () => {
  test("is resent where it stands", () => {
    const list = told(shown(), [says(letter("a", { resent_at: LATER }))], false, NOW);
    expect(ids(list)).toEqual(["b", "a"]);
    expect(list.rows[1]).toMatchObject({ changes: 1, letter: { resent_at: LATER } });
    expect(list.total).toBe(7);
  });
  test("stays when it is resent, though the filter asks for others; the total knows", () => {
    const list = resent(shown({ resent: "false" }), "a", LATER, NOW);
    expect([ids(list), list.total]).toEqual([["b", "a"], 6]);
    // And the stream that tells the same changes nothing more.
    const again = told(list, [says(letter("a", { resent_at: LATER }))], false, NOW);
    expect([again.total, again.rows[1]?.changes]).toEqual([6, 1]);
  });
  test("waits again when it died again, also before the page knew that it was resent", () => {
    const again = letter("a", { at: "2026-03-01T14:00:00Z" });
    const list = told(resent(shown({ resent: "false" }), "a", LATER, NOW), [says(again)], false, NOW);
    expect([list.rows[1]?.letter.resent_at, list.rows[1]?.changes, list.total]).toEqual([null, 2, 7]);
    const early = resent(told(shown(), [says(again)], false, NOW), "a", LATER, NOW);
    expect(early.rows[1]?.letter.resent_at).toBeNull();
  });
  test("is struck out when it is dropped, once", () => {
    const list = told(dropped(shown(), "a"), [gone("a")], false, NOW);
    expect(list.rows[1]).toMatchObject({ dropped: true, changes: 1 });
    expect(list.total).toBe(6);
  });
  test("goes from what waits", () => {
    const list = told(told(shown(), [says(letter("c"))], true, NOW), [gone("c")], true, NOW);
    expect([list.held.length, list.total]).toEqual([0, 7]);
  });
});

test("one that is dropped elsewhere counts where all are counted", () => {
  expect(told(shown(), [gone("z")], false, NOW).total).toBe(6);
  expect(told(shown({ door: "smtp" }), [gone("z")], false, NOW).total).toBe(7);
});

test("events of other things are none of ours", () => {
  const list = shown();
  expect(told(list, [{ ...gone("a"), type: "job" }], false, NOW)).toBe(list);
});

test("a total that is not exact says so", () => {
  expect(listOf({}, null, { items: [], next: null, total_at_least: 10_000 })).toMatchObject({ total: 10_000, atLeast: true });
});
