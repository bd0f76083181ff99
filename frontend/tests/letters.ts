/** Dead letters for tests. */

import type { DeadLetter } from "../src/api/types";

export const letter = (id: string, more: Partial<DeadLetter> = {}): DeadLetter => ({
  id,
  at: "2026-03-01T12:00:00Z",
  reason: "missing-fields: jobuid",
  detail: "",
  stage: "decode",
  door: "smtp",
  mail: "m1",
  position: 3,
  code: "1000",
  app: null,
  bytes: btoa("{}"),
  size: 2,
  resent_at: null,
  ...more,
});
