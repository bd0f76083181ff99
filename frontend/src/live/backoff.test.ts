import { expect, test } from "vitest";
import { backoff, FIRST, LONGEST } from "./backoff";

test("doubles from half a second to ten", () => {
  const longest = Array.from({ length: 8 }, (_, failures) => backoff(failures, 1));
  expect(longest).toEqual([500, 1000, 2000, 4000, 8000, LONGEST, LONGEST, LONGEST]);
});

test("spreads over all of the time, but never comes at once", () => {
  expect([backoff(9, 0), backoff(9, 0.5), backoff(9, 1)]).toEqual([FIRST / 2, 5125, LONGEST]);
});

test("stays finite however often it fails", () => expect(backoff(5000, 1)).toBe(LONGEST));
