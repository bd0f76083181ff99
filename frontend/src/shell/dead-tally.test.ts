import { expect, test } from "vitest";
import { letter } from "../../tests/letters";
import type { DeadLetter } from "../api/types";
import { DeadTally } from "./dead-tally";

let seq = 0;
const says = (uid: string, data: DeadLetter | null, type = "dead-letter") => ({ seq: ++seq, type, at: "", uid, data });
const made = (uid: string) => says(uid, letter(uid));
const sent = (uid: string) => says(uid, letter(uid, { resent_at: "2026-03-01T13:00:00Z" }));

function tally(count: number): DeadTally {
  const tally = new DeadTally();
  tally.counted({ count, atLeast: false });
  return tally;
}

test("grows by those that are made, shrinks by those that are resent or dropped, each once", () => {
  const one = tally(5);
  expect(one.told([made("a"), made("b"), made("b")])).toBe(true);
  expect(one.now?.count).toBe(7);
  one.told([sent("a"), sent("a"), says("a", null), says("old", null)]);
  expect(one.now?.count).toBe(5);
});

test("is never below nothing, and is right again when it is counted", () => {
  const one = tally(0);
  one.told([says("x", null)]);
  expect(one.now?.count).toBe(0);
  one.counted({ count: 3, atLeast: false });
  one.told([sent("x")]);
  expect(one.now?.count).toBe(2);
});

test("knows nothing before the first count, and hears of nothing else", () => {
  const one = new DeadTally();
  one.told([made("a")]);
  expect(one.now).toBeNull();
  expect(tally(2).told([says("run", null, "simulation")])).toBe(false);
});
