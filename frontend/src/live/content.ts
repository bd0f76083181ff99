/**
 * What a page shows, kept true: loaded by HTTP, then moved by events.
 *
 * A load reads a moment that lies between two events, nobody knows which. So events that come
 * while it runs are passed on at once, if there is something to move, and once more after it.
 * A load that fails is tried again until it succeeds; what is shown stays.
 */

import { backoff } from "./backoff";
import type { World } from "./feed";
import type { LiveEvent } from "./protocol";

export interface Source {
  /**
   * Reads everything by HTTP and shows its own failures.
   *
   * @param signal is aborted when the answer is of no use any more
   * @returns false: it failed, and is worth another attempt; so does a rejection
   */
  load(signal: AbortSignal): Promise<unknown>;
  apply(events: LiveEvent[]): void;
  /** Whether what is shown is as new as the last load that was asked for. */
  current(current: boolean): void;
}

export class Content {
  private loaded = false;
  private failures = 0;
  private run: AbortController | null = null;
  private missed: LiveEvent[] = [];
  private cancelRetry: (() => void) | null = null;

  constructor(
    private readonly source: Source,
    private readonly world: Pick<World, "after" | "chance">,
  ) {}

  /** A load was asked for, and has not failed. */
  get begun(): boolean {
    return this.loaded || this.run !== null;
  }

  events(events: LiveEvent[]): void {
    if (this.run) this.missed.push(...events);
    if (this.loaded) this.source.apply(events);
  }

  async reload(): Promise<void> {
    this.stop();
    const run = new AbortController();
    this.run = run;
    this.missed = [];
    const done = await this.source.load(run.signal).then(
      (result) => result !== false,
      () => false,
    );
    if (this.run !== run) return;
    this.run = null;
    if (done) this.arrived();
    else this.failed();
  }

  /** The server was heard again: what failed may succeed now. */
  hurry(): void {
    if (this.cancelRetry) void this.reload();
  }

  /** No load goes on, and none will begin by itself. */
  stop(): void {
    this.cancelRetry?.();
    this.cancelRetry = null;
    this.run?.abort();
    this.run = null;
  }

  private arrived(): void {
    this.loaded = true;
    this.failures = 0;
    this.source.current(true);
    if (this.missed.length) this.source.apply(this.missed);
    this.missed = [];
  }

  private failed(): void {
    this.source.current(false);
    this.cancelRetry = this.world.after(backoff(this.failures++, this.world.chance()), () => void this.reload());
  }
}
