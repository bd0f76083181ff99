/**
 * Asks for the counts again, in the background: when a run was heard of whose old state is not
 * known. Never often, however much happens, and silent when it fails.
 */

/** Milliseconds between two questions, at the least. */
const GAP = 5_000;
const LONGEST_GAP = 120_000;
/** A server that takes long to count is asked less often: this many times as long as it took. */
const EASE = 20;

export interface Timing {
  now(): number;
  after(milliseconds: number, then: () => void): () => void;
}

export class Recount {
  private cancel: (() => void) | null = null;
  private busy = false;
  private again = false;
  private stopped = false;
  private gap = GAP;
  private last = Number.NEGATIVE_INFINITY;

  /** @param ask fetches the counts and shows them; rejects where that fails */
  constructor(
    private readonly ask: () => Promise<void>,
    private readonly timing: Timing,
  ) {}

  /** The counts are not sure any more. */
  want(): void {
    if (this.busy) this.again = true;
    else this.cancel ??= this.timing.after(Math.max(0, this.last + this.gap - this.timing.now()), () => void this.go());
  }

  /** The counts were just read with the page. */
  fresh(): void {
    this.stop();
    this.stopped = false;
    this.last = this.timing.now();
  }

  /** Ask no more, until the next page. */
  stop(): void {
    this.cancel?.();
    this.cancel = null;
    this.again = false;
    this.stopped = true;
  }

  private async go(): Promise<void> {
    this.cancel = null;
    this.busy = true;
    const began = this.timing.now();
    try {
      await this.ask();
      this.gap = Math.min(LONGEST_GAP, Math.max(GAP, EASE * (this.timing.now() - began)));
    } catch {
      // What is shown stays; a platform in trouble is left in peace for longer each time.
      this.gap = Math.min(LONGEST_GAP, this.gap * 2);
      this.again = true;
    }
    this.busy = false;
    this.last = this.timing.now();
    if (this.again && !this.stopped) {
      this.again = false;
      this.want();
    }
  }
}
