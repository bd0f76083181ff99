import { expect, it } from "vitest";
import { aRun } from "../../../tests/runs";
import { Memory } from "./memory";

it("forgets the run that was not heard of for the longest", () => {
  const memory = new Memory(2);
  const [one, two, three] = [aRun(), aRun(), aRun()];
  memory.set(one);
  memory.set(two);
  memory.set(one);
  memory.set(three);

  expect([one, two, three].map((run) => memory.get(run.uid) !== undefined)).toEqual([true, false, true]);
});
