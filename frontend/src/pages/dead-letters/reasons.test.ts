import { expect, test } from "vitest";
import { codeOf, doorWord, meaningOf, placeOf, REASONS, stageMeaning, stageWord } from "./reasons";

test("a reason has a word and a place", () => {
  expect([codeOf("missing-fields: jobuid, simuid"), placeOf("missing-fields: jobuid, simuid")]).toEqual([
    "missing-fields",
    "jobuid, simuid",
  ]);
  expect([codeOf("not-object"), placeOf("not-object")]).toEqual(["not-object", ""]);
  expect(placeOf("bad-field: a: b")).toBe("a: b");
});

test("every reason of the platform is explained, with a remedy", () => {
  for (const reason of REASONS) {
    const { words, explanation, remedy } = meaningOf(reason);
    expect(words && explanation && remedy).toBeTruthy();
  }
});

test.each(["constructor", "__proto__: x", "bad-snow: 12 m", ""])("an app's own reason, %j, is shown as it is", (reason) => {
  expect(meaningOf(reason).words).toBe(codeOf(reason));
  expect(meaningOf(reason).remedy).toContain("documentation");
});

test("words of stages and doors; a new one stands for itself", () => {
  expect([stageWord("handle"), stageWord("toString"), stageMeaning("x")]).toEqual(["in an app", "toString", ""]);
  expect([doorWord("smtp"), doorWord("uucp"), doorWord("constructor")]).toEqual(["mail", "uucp", "constructor"]);
});
