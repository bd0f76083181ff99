/** For parts outside a page (the number beside a place in the bar): whatever its stream brings. */

import type { LiveEvent } from "./protocol";

type Ear = (events: LiveEvent[]) => void;

const ears = new Set<Ear>();

/** Hear all events of all streams, perhaps twice, until the function that is given back is called. */
export function overhear(ear: Ear): () => void {
  ears.add(ear);
  return () => ears.delete(ear);
}

export function overheard(events: LiveEvent[]): void {
  for (const ear of ears) ear(events);
}
