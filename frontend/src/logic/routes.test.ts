import { expect, test } from "vitest";
import { routeOf, runAddress } from "./routes";

test.each([
  ["/", { page: "runs" }],
  ["/simulations/6ba7b810-9dad-11d1-80b4-00c04fd430c8", { page: "run", uid: "6ba7b810-9dad-11d1-80b4-00c04fd430c8" }],
  ["/dead-letters", { page: "dead-letters" }],
  ["/platform", { page: "platform" }],
  ["/simulations/", { page: "unknown" }],
  ["/simulations/a/b", { page: "unknown" }],
  ["/platform/", { page: "unknown" }],
  ["/Platform", { page: "unknown" }],
  ["//platform", { page: "unknown" }],
  ["", { page: "unknown" }],
])("%s", (path, route) => expect(routeOf(path)).toEqual(route));

test("the address of a run is one whatever its uid holds", () => {
  expect(runAddress("a/../b?c#d")).toBe("/simulations/a%2F..%2Fb%3Fc%23d");
  expect(runAddress("u", "jobs")).toBe("/simulations/u?tab=jobs");
});
