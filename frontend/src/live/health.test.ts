import { expect, test } from "vitest";
import { health, noteHealth } from "./health";

test("the badge shows the worst stream of what is shown, and none where there is none", () => {
  const [page, other] = [{}, {}];
  expect(health.value).toBeNull();
  noteHealth(page, "connecting");
  noteHealth(other, "live");
  expect(health.value).toBe("connecting");
  noteHealth(page, "live");
  expect(health.value).toBe("live");
  noteHealth(other, "stale");
  expect(health.value).toBe("stale");
  noteHealth(page, "lost");
  expect(health.value).toBe("lost");
  noteHealth(page, null);
  noteHealth(other, null);
  expect(health.value).toBeNull();
});
