import { describe, expect, it } from "vitest";
import { aRun } from "../../tests/runs";
import { viewOf } from "./filters";
import { asOf, matcherOf } from "./filters-match";
import { sinceBegins } from "./filters-since";
import { nameMatches } from "./filters-text";

const NOW = Date.parse("2026-03-31T12:00:00Z");

describe("text in a name", () => {
  it.each([
    ["cm6", "CM6-piControl", true],
    ["control", "CM6-piControl", true],
    ["historical", "CM6-piControl", false],
    ["CM6*", "CM6-piControl", true],
    ["*control", "CM6-piControl", true],
    ["pi*", "CM6-piControl", false],
    ["c*6*l", "CM6-piControl", true],
    ["*6*6*", "CM6", false],
    ["a*a", "a", false],
    ["**", "anything", true],
    ["50%", "at 50 % of it", false],
    ["a_c", "abc", false],
    ["[a-z]+", "[a-z]+", true],
    ["É", "é", false],
    ["caf\u00e9", "cafe\u0301", true],
    ["cafe\u0301", "un caf\u00e9", true],
  ])("%s in %s: %s", (query, name, fits) => {
    expect(nameMatches(query, name)).toBe(fits);
  });

  it("is in no name that is not there", () => {
    expect(nameMatches("*", null)).toBe(false);
  });

  it("is found without trying every way", () => {
    expect(nameMatches(`${"*a".repeat(16)}*b`, "a".repeat(10_000))).toBe(false);
  });
});

describe("a time span", () => {
  it.each([
    ["1W", "2026-03-24T12:00:00Z"],
    ["2W", "2026-03-17T12:00:00Z"],
    ["1M", "2026-02-28T12:00:00Z"],
    ["3M", "2025-12-31T12:00:00Z"],
    ["12M", "2025-03-31T12:00:00Z"],
    ["2026-01-01T00:00:00+01:00", "2025-12-31T23:00:00Z"],
  ])("%s begins at %s", (words, at) => {
    expect(sinceBegins(words, NOW)).toBe(Date.parse(at));
  });

  it.each([[null], ["*"], ["soon"]])("%s is all times", (words) => {
    expect(sinceBegins(words, NOW)).toBeNull();
  });
});

describe("a run and the filters", () => {
  const matches = (search: string, run = aRun()) => matcherOf(viewOf(search), NOW).matches(run);

  it("fits where every word is the same", () => {
    const run = aRun({ machine: "irene", state: "error", name: "CM6" });

    expect(matches("?machine=irene&state=error&q=cm", run)).toBe(true);
    expect(matches("?machine=Irene", run)).toBe(false);
    expect(matches("?centre=TGCC", aRun({ centre: null }))).toBe(false);
  });

  it("is not there as an obsolete try, unless all are wanted", () => {
    const run = aRun({ active: false });

    expect(matches("", run)).toBe(false);
    expect(matches("?tries=all", run)).toBe(true);
  });

  it("counts from the moment on, that moment included", () => {
    const heard = (at: string) => matches("?since=1W", aRun({ last_message_at: at }));

    expect(heard("2026-03-24T12:00:00Z")).toBe(true);
    expect(heard("2026-03-24T11:59:59.999Z")).toBe(false);
  });

  it("is counted by a facet whatever its own word is", () => {
    const matcher = matcherOf(viewOf("?machine=irene&state=error"), NOW);
    const run = aRun({ machine: "irene", state: "running" });

    expect(matcher.matchesBut("state", run)).toBe(true);
    expect(matcher.matchesBut("machine", run)).toBe(false);
  });
});

describe("a run whose hour has come", () => {
  const run = aRun({ state: "running", late_at: "2026-03-31T12:00:00Z" });

  it("is late without a word", () => {
    expect(asOf(run, NOW)).toBe(run);
    expect(asOf(run, NOW + 1).state).toBe("late");
  });

  it("is not late when it has ended", () => {
    expect(asOf({ ...run, state: "complete" }, NOW + 1).state).toBe("complete");
    expect(asOf({ ...run, late_at: null }, NOW + 1).state).toBe("running");
  });
});
