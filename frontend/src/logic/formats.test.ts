import { describe, expect, test } from "vitest";
import { ago, count, duration, exactSize, modelDate, moment, orDash, percent, size } from "./formats";

test.each([
  [0, "0 %"],
  [0.42, "42 %"],
  [0.29, "29 %"],
  [0.999, "99 %"],
  [1, "100 %"],
  [1.7, "100 %"],
  [-1, "0 %"],
  [Number.NaN, "–"],
])("percent(%d) is %s", (share, text) => expect(percent(share)).toBe(text));

test.each([
  [0, "0"],
  [999, "999"],
  [1234567, "1,234,567"],
])("count(%d) is %s", (number, text) => expect(count(number)).toBe(text));

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [2_100_000, "2.1 MB"],
  [99_960, "100 kB"],
  [999_960, "1.0 MB"],
  [123_456_789, "123 MB"],
  [5e15, "5000 TB"],
])("size(%d) is %s", (bytes, text) => expect(size(bytes)).toBe(text));

test.each([
  [31, "31 B"],
  [2_100_000, "2.1 MB (2,100,000 bytes)"],
])("exactSize(%d) is %s", (bytes, text) => expect(exactSize(bytes)).toBe(text));

test.each([
  [0, "0 s"],
  [-5, "0 s"],
  [0.4, "0.4 s"],
  [0.0123, "0.012 s"],
  [9.96, "10 s"],
  [59.6, "1 min"],
  [725, "12 min 5 s"],
  [3600, "1 h"],
  [86_400 * 3 + 3600 * 4 + 59, "3 d 4 h"],
  [86_400 + 59, "1 d"],
  [Number.NaN, "–"],
])("duration(%d) is %s", (seconds, text) => expect(duration(seconds)).toBe(text));

describe("ago", () => {
  const at = Date.parse("2026-03-01T12:00:00Z");
  test.each([
    [0, "just now"],
    [1.4, "just now"],
    [5, "5 s ago"],
    [119, "1 min ago"],
    [7200, "2 h ago"],
    [86_400 * 400, "400 d ago"],
    [-3, "just now"],
    [-10_800, "in 3 h"],
  ])("%d s later: %s", (seconds, text) => expect(ago(at, at + seconds * 1000)).toBe(text));
  test("no time", () => expect(ago(Number.NaN, at)).toBe("–"));
});

describe("moment", () => {
  test("in UTC", () => expect(moment("2026-03-01T14:05:09.9Z", true)).toBe("2026-03-01 14:05:09"));
  test("local", () => {
    const at = new Date(2026, 6, 1, 3, 4, 5);
    expect(moment(at.toISOString(), false)).toBe("2026-07-01 03:04:05");
  });
  test("none", () => expect([moment(null, true), moment("soon", true)]).toEqual(["–", "–"]));
});

test.each([
  ["18500230", "1850-02-30"],
  ["123450101", "12345-01-01"],
  ["-00010101", "-0001-01-01"],
  ["later", "later"],
  [null, "–"],
])("modelDate(%s) is %s", (text, shown) => expect(modelDate(text)).toBe(shown));

test("orDash", () => expect([orDash(""), orDash(null), orDash("x")]).toEqual(["–", "–", "x"]));
