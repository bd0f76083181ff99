import { expect, test } from "vitest";
import { letter } from "../../../tests/letters";
import { apiQuery, cursorOf, filterOf, isFiltered, passes } from "./filter";

const NOW = Date.parse("2026-03-10T00:00:00Z");

test("the address says what is asked for; what is empty, unknown or everything says nothing", () => {
  const query = "?reason=not-json&stage=&since=*&door=smtp&letter=x&cursor=abc&page=2";
  expect(filterOf(query)).toEqual({ reason: "not-json", door: "smtp" });
  expect(cursorOf(query)).toBe("abc");
  expect(isFiltered(filterOf("?letter=x"))).toBe(false);
});

test("the API is asked with the same names", () => {
  expect(apiQuery({ resent: "false", mail: "a b" }, null)).toBe("limit=50&resent=false&mail=a+b");
  expect(apiQuery({}, "c=")).toBe("limit=50&cursor=c%3D");
});

test.each([
  [{ reason: "missing-fields" }, true],
  [{ reason: "missing" }, false],
  [{ stage: "decode", door: "smtp" }, true],
  [{ stage: "handle" }, false],
  [{ app: "sim-mon" }, false],
  [{ mail: "m1" }, true],
  [{ resent: "false" }, true],
  [{ resent: "true" }, false],
  [{ since: "1W" }, false],
  [{ since: "2W" }, true],
  [{ since: "2026-03-01T00:00:00Z" }, true],
  [{ since: "2026-03-02T00:00:00Z" }, false],
])("%j: %j", (filter, expected) => {
  expect(passes(letter("1", { at: "2026-03-01T12:00:00Z" }), filter, NOW)).toBe(expected);
});
