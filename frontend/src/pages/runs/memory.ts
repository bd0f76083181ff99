/**
 * The last that was heard of each run, listed or not, so that counts can move from its old state
 * to the new one. The least recently heard of are forgotten.
 */

import type { Simulation } from "../../api/types";

const MOST = 20_000;

export class Memory {
  private readonly runs = new Map<string, Simulation>();

  constructor(private readonly most = MOST) {}

  get(uid: string): Simulation | undefined {
    return this.runs.get(uid);
  }

  set(run: Simulation): void {
    this.runs.delete(run.uid);
    this.runs.set(run.uid, run);
    if (this.runs.size > this.most) this.runs.delete(this.runs.keys().next().value as string);
  }

  delete(uid: string): void {
    this.runs.delete(uid);
  }

  clear(): void {
    this.runs.clear();
  }

  /** Those for which something holds; they may be changed meanwhile. */
  where(condition: (run: Simulation) => boolean): Simulation[] {
    return [...this.runs.values()].filter(condition);
  }
}
