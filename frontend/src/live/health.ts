/** How the streams of what is shown stand, for the badge. */

import { computed, signal } from "@preact/signals";
import type { Health } from "./feed";

const GRAVITY: readonly Health[] = ["live", "stale", "connecting", "lost"];

const streams = signal<ReadonlyMap<object, Health>>(new Map());

/** The worst of them; null where nothing that is shown is live. */
export const health = computed<Health | null>(() => {
  const all = [...streams.value.values()];
  return GRAVITY.findLast((health) => all.includes(health)) ?? null;
});

/** How the stream of this owner stands; null: it is no more. */
export function noteHealth(owner: object, now: Health | null): void {
  const next = new Map(streams.value);
  if (now === null) next.delete(owner);
  else next.set(owner, now);
  streams.value = next;
}
