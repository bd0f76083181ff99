import { expect, test } from "vitest";
import { HEIGHT, sparkOf, WIDTH } from "./spark";

const points = (...values: (number | null)[]) => values.map((value, i) => ({ at: i * 2_000, value }));

test("nothing is drawn of nothing, or of a single point", () => {
  expect([sparkOf([]), sparkOf(points(3)), sparkOf(points(null, 3, null))]).toEqual([null, null, null]);
});

test("the newest is at the right, the greatest at the top, nothing at the bottom", () => {
  const spark = sparkOf([
    { at: 0, value: 0 },
    { at: 120_000, value: 8 },
  ]);
  expect(spark?.line).toBe(`M0 ${HEIGHT - 1.5}L${WIDTH} 1.5`);
  expect(spark).toMatchObject({ span: 120_000, least: 0, most: 8 });
});

test("a short time does not fill the width", () => {
  expect(sparkOf(points(1, 1))?.line).toMatch(/^M193\.3 1\.5L200 1\.5$/);
});

test("a flat line of nothing lies at the bottom", () => {
  expect(sparkOf(points(0, 0))?.line).toContain(`200 ${HEIGHT - 1.5}`);
});

test("a gap is no line", () => {
  const spark = sparkOf(points(1, 2, null, 5, 4, null, 9));
  expect(spark?.line.match(/M/g)).toHaveLength(2);
  expect(spark?.area.match(/Z/g)).toHaveLength(2);
  expect(spark?.most).toBe(9);
});
