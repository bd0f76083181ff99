import { describe, expect, test } from "vitest";
import { aPeriod, aRun, at } from "../../../tests/a-run";
import { modelSpans } from "./model-spans";
import { dateText, monthText, parseModelDate, reached, yearsOf } from "./model-time";
import { figure, leftAt, paceOf, timed } from "./pace";

describe("model dates", () => {
  test("are read in both forms, in any calendar and any year", () => {
    expect(parseModelDate("18500230")).toEqual({ year: 1850, month: 2, day: 30 });
    expect(parseModelDate("1850-01-01")).toEqual({ year: 1850, month: 1, day: 1 });
    expect(parseModelDate("-0012-06-15")).toEqual({ year: -12, month: 6, day: 15 });
    expect(parseModelDate("1234567890101")).toEqual({ year: 123456789, month: 1, day: 1 });
    for (const text of ["", "1850", "18501301", "1850-0101", "today", null]) expect(parseModelDate(text)).toBeNull();
  });

  test("are written as they are read", () => {
    expect(dateText({ year: -12, month: 6, day: 5 })).toBe("-0012-06-05");
    expect(monthText(1852.5)).toBe("1852-07");
    expect(monthText(yearsOf({ year: 1899, month: 12, day: 1 }))).toBe("1899-12");
  });
});

describe("the date that is reached", () => {
  test("is the greatest end of a period, whatever their order", () => {
    expect(reached(aRun(), [aPeriod(5, 1), aPeriod(2, 2)])).toEqual({ text: "1850-05-28", exact: true });
  });

  test("is never after the last date", () => {
    const run = aRun({ output_end: "1850-03-01" });
    expect(reached(run, [aPeriod(5, 1)])?.text).toBe("1850-03-01");
  });

  test("is estimated from the progress where no period is known", () => {
    expect(reached(aRun({ progress: 0.5 }), [])).toEqual({ text: "1854-12", exact: false });
    expect(reached(aRun({ progress: 0 }), [])).toEqual({ text: "1850-01-01", exact: true });
    expect(reached(aRun({ progress: 1 }), [])).toEqual({ text: "1859-12-31", exact: true });
  });

  test("is not known without dates, or with swapped ones", () => {
    expect(reached(aRun({ output_start: null }), [])).toBeNull();
    expect(reached(aRun({ output_start: "1870-01-01" }), [])).toBeNull();
  });
});

describe("the pace", () => {
  const months = [1, 2, 3, 4].map((month) => aPeriod(month, month * 600));

  test("is simulated years in a day of the clock", () => {
    // A month in ten minutes: 144 months in a day.
    expect(paceOf(months)?.yearsPerDay).toBeCloseTo(12);
  });

  test("is not told of too few periods, nor of such as stand still or go back", () => {
    expect(paceOf(months.slice(0, 2))).toBeNull();
    expect(paceOf([1, 2, 3].map((_, index) => aPeriod(1, index)))).toBeNull();
    expect(paceOf([3, 2, 1].map((month, index) => aPeriod(month, index)))).toBeNull();
  });

  test("says how long is left", () => {
    const left = leftAt(paceOf(months), { output_end: "1850-10-01" }, months);
    expect((left ?? 0) / 60_000).toBeCloseTo(60, 0);
    expect(leftAt(paceOf(months), { output_end: "1850-01-01" }, months)).toBeNull();
    expect(leftAt(null, { output_end: "1850-10-01" }, months)).toBeNull();
  });

  test("is told in three figures", () => {
    expect([12.3456, 0.031_234, 12_345.6].map(figure)).toEqual(["12.3", "0.0312", "12,346"]);
  });

  test("each period lasts until the next begins", () => {
    expect(timed(months).map(({ took }) => took)).toEqual([600, 600, 600, null]);
  });
});

describe("the band of model time", () => {
  const until = Date.parse(at(99_999));

  test("is of periods where there are few years", () => {
    const spans = modelSpans([aPeriod(1, 0), aPeriod(2, 60)], until);
    expect(spans).toEqual([
      { label: "1850-01", from: Date.parse(at(0)), to: Date.parse(at(60)) },
      { label: "1850-02", from: Date.parse(at(60)), to: until },
    ]);
  });

  test("is of years where there are many, and never too fine to draw", () => {
    const periods = Array.from({ length: 3000 }, (_, index) => aPeriod(1, index, { begin: `${1850 + Math.floor(index / 2)}0101` }));
    const spans = modelSpans(periods, until);
    expect(spans.length).toBeLessThanOrEqual(400);
    expect(spans[0]?.label).toBe("1850");
    expect(spans.at(-1)?.to).toBe(until);
    for (const [index, span] of spans.entries()) expect(spans[index + 1]?.from ?? span.to).toBe(span.to);
  });

  test("leaves out what is no date", () => {
    expect(modelSpans([aPeriod(1, 0, { begin: "soon" })], until)).toEqual([]);
  });
});
