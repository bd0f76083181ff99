/** The state of one run's page: what was read, what came since, and what follows from both. */

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { Problem } from "../../api/http";
import type { Job, Message, SimulationDetail } from "../../api/types";
import type { LiveEvent } from "../../live/protocol";
import { now } from "../../state/clock";
import { type Concern, concerns } from "./attention";
import { applyEvents, type Content, NOTHING, reread, withHappenings, withJobs, withPeriods } from "./content";
import { jobAt, stateAt } from "./late";
import { readHappenings, readJobs, readMessage, readMessages, readPeriods, readRun } from "./reading";
import { arrived, emptyShelf, type Filter, paged, release, restarted, type Shelf } from "./shelf";
import { type Tallies, tally, told } from "./tallies";

/** Milliseconds: lateness and lengths need not be truer than this. */
const GRAIN = 5_000;
/** Milliseconds between two looks at the run alone. */
const PAUSE = 2_000;

export class RunStore {
  readonly content: Signal<Content> = signal(NOTHING);
  /** The platform says that there is no such run, and nothing was ever known of it. */
  readonly missing = signal(false);
  readonly problem = signal<Problem | null>(null);
  /** Jobs, periods and happenings were read to their end. */
  readonly complete = signal(false);
  readonly shelf: Signal<Shelf> = signal(emptyShelf({ code: null, job: null }));
  readonly shelfProblem = signal<Problem | null>(null);
  readonly shelfBusy = signal(false);
  /** Somebody reads the list of messages: it must not move. */
  reading: () => boolean = () => false;

  /** Now, in coarse steps. */
  readonly hour: ReadonlySignal<number> = computed(() => Math.floor(now.value / GRAIN) * GRAIN);
  readonly run: ReadonlySignal<SimulationDetail | null> = computed(() => {
    const { run } = this.content.value;
    return run && { ...run, state: stateAt(run, this.hour.value) };
  });
  readonly jobs: ReadonlySignal<Job[]> = computed(() =>
    [...this.content.value.jobs.values()].map((job) => jobAt(job, this.hour.value)),
  );
  readonly concerns: ReadonlySignal<Concern[]> = computed(() => concerns(this.jobs.value, this.content.value.happenings));
  readonly tallies: ReadonlySignal<Tallies> = computed(() => {
    const { run } = this.content.value;
    return this.complete.value || !run ? tally(this.jobs.value) : told(run.jobs);
  });

  private shelfRead = 0;
  private looking = false;
  private lookAgain = false;

  constructor(readonly uid: string) {}

  /** Reads everything; true where another attempt would bring no more. */
  async load(stop: AbortSignal): Promise<boolean> {
    const lists = Promise.all([
      readJobs(this.uid, (jobs) => this.change((c) => withJobs(c, jobs)), stop),
      readPeriods(this.uid, (periods) => this.change((c) => withPeriods(c, periods)), stop),
      readHappenings(this.uid, (entries) => this.change((c) => withHappenings(c, entries)), stop),
    ]);
    const parts = await Promise.allSettled([
      readRun(this.uid, stop).then((run) => this.gotRun(run)),
      // What was told meanwhile is told again after the load.
      lists.then((read) => this.change((content) => reread(content, ...read))),
      this.refill(stop),
    ]);
    if (stop.aborted) return false;
    const failures = parts.flatMap((part) => (part.status === "rejected" ? [problemOf(part.reason)] : []));
    if (failures.some((problem) => problem.status === 404)) return this.absent();
    this.problem.value = failures[0] ?? null;
    this.complete.value ||= failures.length === 0;
    return failures.length === 0;
  }

  apply(events: LiveEvent[]): void {
    const before = this.content.value.run;
    this.change((content) => applyEvents(content, events, this.uid));
    if (this.content.value.run) this.missing.value = false;
    const messages = events.filter((event) => event.type === "message");
    this.heard(messages.flatMap((event) => (event.data === null ? [] : [event.data as Message])));
    // Too large for a frame.
    for (const event of messages) if (event.data === null) void this.fetchMessage(event.uid);
    if (this.worthALook(before, messages)) void this.look();
  }

  /** Other messages are asked for. */
  filter(filter: Filter): void {
    const { code, job } = this.shelf.value.filter;
    if (filter.code === code && filter.job === job) return;
    const passing = arrived(emptyShelf(filter), [...this.shelf.value.items].reverse(), false);
    // What is here already is shown at once; if HTTP answers, it tells the rest.
    this.shelf.value = passing;
    void this.refill().catch(() => undefined);
  }

  /** The first messages again, after a failure. */
  retryMessages = (): void => void this.refill().catch(() => undefined);

  async older(): Promise<void> {
    const { filter, next } = this.shelf.value;
    if (next === null || this.shelfBusy.value) return;
    await this.readShelf(filter, next, paged).catch(() => undefined);
  }

  showHeld = (): void => {
    this.shelf.value = release(this.shelf.value);
  };

  private refill(stop?: AbortSignal): Promise<void> {
    return this.readShelf(this.shelf.value.filter, null, restarted, stop);
  }

  private async readShelf(
    filter: Filter,
    cursor: string | null,
    place: typeof paged,
    stop?: AbortSignal,
  ): Promise<void> {
    const mine = ++this.shelfRead;
    this.shelfBusy.value = true;
    try {
      const page = await readMessages(this.uid, filter, cursor, stop);
      if (mine !== this.shelfRead) return;
      this.shelf.value = place(this.shelf.value, page);
      this.shelfProblem.value = null;
    } catch (error) {
      if (mine === this.shelfRead && !stop?.aborted) this.shelfProblem.value = problemOf(error);
      throw error;
    } finally {
      if (mine === this.shelfRead) this.shelfBusy.value = false;
    }
  }

  private heard(messages: Message[]): void {
    const ours = messages.filter((message) => message.simulation_uid === this.uid);
    if (ours.length) this.shelf.value = arrived(this.shelf.value, ours, this.reading());
  }

  private async fetchMessage(uid: string): Promise<void> {
    try {
      this.heard([await readMessage(uid)]);
    } catch {
      // The next reading of the list brings it.
    }
  }

  private gotRun(run: SimulationDetail): void {
    this.missing.value = false;
    this.change((content) => ({ ...content, gone: false, run }));
  }

  /** Whether the run's own words, which events may not carry, can have changed. */
  private worthALook(before: SimulationDetail | null, messages: LiveEvent[]): boolean {
    const { run, gone } = this.content.value;
    if (gone || !run) return gone;
    const begun = messages.some((event) => (event.data as Message | null)?.routed_as === "0000");
    const { tries } = run;
    return begun || !before || before.tries !== tries || !run.all_tries.some((one) => one.uid === run.uid);
  }

  /** Ask HTTP for the run alone; what cannot be had now is not missed. */
  private async look(): Promise<void> {
    this.lookAgain = this.looking;
    if (this.looking) return;
    this.looking = true;
    try {
      this.gotRun(await readRun(this.uid));
    } catch (error) {
      if (error instanceof Problem && error.status === 404) this.absent();
    }
    setTimeout(() => {
      this.looking = false;
      if (this.lookAgain) void this.look();
    }, PAUSE);
  }

  private absent(): true {
    this.problem.value = null;
    if (this.content.value.run) this.change((content) => ({ ...content, gone: true }));
    else this.missing.value = true;
    return true;
  }

  private change(how: (content: Content) => Content): void {
    this.content.value = how(this.content.value);
  }
}

function problemOf(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, "The page stumbled", String(error));
}
