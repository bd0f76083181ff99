/**
 * Events are gathered and shown together, once a frame: ten thousand at once are one painting.
 * A page that is not looked at has no frames; it goes on once a second.
 */

import type { LiveEvent } from "../../live/protocol";

const HIDDEN = 1_000;

export class Frames {
  private gathered: LiveEvent[] = [];
  private frame = 0;
  private timer = 0;

  constructor(private readonly show: (events: LiveEvent[]) => void) {}

  add(events: readonly LiveEvent[]): void {
    for (const event of events) this.gathered.push(event);
    if (this.frame) return;
    this.frame = window.requestAnimationFrame(() => this.flush());
    this.timer = window.setTimeout(() => this.flush(), HIDDEN);
  }

  /** What is gathered is of no use any more. */
  clear(): void {
    window.cancelAnimationFrame(this.frame);
    window.clearTimeout(this.timer);
    this.frame = 0;
    this.gathered = [];
  }

  private flush(): void {
    const events = this.gathered;
    this.clear();
    this.show(events);
  }
}
