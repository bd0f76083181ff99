/** How many dead letters wait for somebody: counted by HTTP, moved by what the stream tells. */

import type { DeadLetter } from "../api/types";
import type { LiveEvent } from "../live/protocol";

export interface Tally {
  count: number;
  /** There are more. */
  atLeast: boolean;
}

export class DeadTally {
  /** Of each letter that was told of since the last count: whether it waited then. */
  private readonly waited = new Map<string, boolean>();

  constructor(private shown: Tally | null = null) {}

  get now(): Tally | null {
    return this.shown;
  }

  counted(tally: Tally): void {
    this.waited.clear();
    this.shown = tally;
  }

  /** @returns whether a new count would be worth while */
  told(events: readonly LiveEvent[]): boolean {
    const letters = events.filter((event) => event.type === "dead-letter");
    for (const event of letters) this.move(event);
    return letters.length > 0;
  }

  private move(event: LiveEvent): void {
    const letter = event.data as DeadLetter | null;
    const waits = letter !== null && letter.resent_at === null;
    // One that was never told of: whatever it is now, it was the other before.
    const before = this.waited.get(event.uid) ?? !waits;
    this.waited.set(event.uid, waits);
    if (!this.shown) return;
    const count = this.shown.count + Number(waits) - Number(before);
    this.shown = { ...this.shown, count: Math.max(0, count) };
  }
}
