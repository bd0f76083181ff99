import { describe, expect, test } from "vitest";
import { plain } from "../../charts/plain";
import { cut } from "../../logic/formats";
import { hiddenText } from "./base64";
import { cardFile, linesOf, sectionsOf } from "./card";
import { flagMeaning } from "./flags";
import { tokensOf } from "./json-tokens";
import { inspectedOf, isUid, tabOf } from "./place";

describe("a config card", () => {
  const card = "# of IPSLCM6\r\n[UserChoices]\nJobName = X=Y\n\n; off\n [ Post ] \nplain\n";

  test("is read line by line", () => {
    expect(linesOf(card)).toEqual([
      { kind: "comment", text: "# of IPSLCM6" },
      { kind: "section", text: "[UserChoices]", name: "UserChoices" },
      { kind: "entry", key: "JobName", mark: " = ", value: "X=Y" },
      { kind: "plain", text: "" },
      { kind: "comment", text: "; off" },
      { kind: "section", text: " [ Post ] ", name: " Post " },
      { kind: "plain", text: "plain" },
    ]);
    expect(sectionsOf(linesOf(card)).map(({ line }) => line)).toEqual([1, 5]);
  });

  test("of hostile length is read all the same", () => {
    const lines = linesOf(`a${" ".repeat(400_000)}b\n${"[".repeat(400_000)}\n${" ".repeat(400_000)}=`);
    expect(lines.map(({ kind }) => kind)).toEqual(["plain", "plain", "plain"]);
  });

  test("is kept under a name that every system takes", () => {
    expect(cardFile({ name: "../<img src=x>/CM6 3", uid: "u" })).toBe("img_src_x_CM6_3.config.card");
    expect(cardFile({ name: "....", uid: "u" })).toBe("u.config.card");
  });
});

describe("what is packed in base64", () => {
  test("is unpacked where it is text, in UTF-8 or Latin-1, padded or not", () => {
    expect(hiddenText(btoa("[UserChoices]\nA=1\n"))).toBe("[UserChoices]\nA=1\n");
    expect(hiddenText(btoa("twelve bytes and").replace(/=+$/, ""))).toBe("twelve bytes and");
    expect(hiddenText(btoa("caf\u00e9 in latin one"))).toBe("café in latin one");
    expect(hiddenText(btoa(String.fromCharCode(...new TextEncoder().encode("naïve in UTF-8"))))).toBe("naïve in UTF-8");
  });

  test("is left alone where it is none", () => {
    for (const value of [7, null, "", "short", "a sentence with words", "18500101", btoa("\u0000\u0001\u0002 not a text, surely")]) {
      expect(hiddenText(value)).toBeNull();
    }
  });
});

describe("JSON in colours", () => {
  test("is the same text", () => {
    const value = { 'a"b': ["x: {y}", 1.5e-7, -2, true, null, { deep: "\\" }], empty: {}, none: [] };
    expect(tokensOf(value).map(({ text }) => text).join("")).toBe(JSON.stringify(value, null, 2));
  });

  test("knows names from texts", () => {
    expect(tokensOf({ a: "b", c: 1 }).filter(({ kind }) => kind !== "mark")).toEqual([
      { kind: "name", text: '"a"' },
      { kind: "text", text: '"b"' },
      { kind: "name", text: '"c"' },
      { kind: "value", text: "1" },
    ]);
  });
});

test("no text is a style on a canvas", () => {
  expect(/\{[a-zA-Z0-9_]+\|/.test(plain("{a|b} {b|c}"))).toBe(false);
  expect(plain("nothing").length).toBe(7);
  expect([cut("abcdef", 4), cut("abc", 4)]).toEqual(["abc…", "abc"]);
});

test("the address says which part is shown and what is looked at", () => {
  expect(tabOf(new URLSearchParams("tab=jobs"))).toBe("jobs");
  expect(tabOf(new URLSearchParams("tab=constructor"))).toBe("overview");
  expect(inspectedOf(new URLSearchParams("inspect=job.a.b"))).toEqual({ kind: "job", uid: "a.b" });
  expect(inspectedOf(new URLSearchParams("inspect=script.x"))).toBeNull();
  expect([isUid("0123abcd-0000-4000-8000-000000000000"), isUid("0123ABCD-0000-4000-8000-000000000000")]).toEqual([true, false]);
});

test("flags that are known have a meaning, others have none", () => {
  expect(flagMeaning("run", "incomplete")).toMatch(/0000/);
  expect(flagMeaning("message", "constructor")).toBeNull();
});
