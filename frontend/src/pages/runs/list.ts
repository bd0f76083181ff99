/**
 * The page of the list that is shown, and how events change it. No DOM and no HTTP.
 *
 * Known rows change in place. Rows never move by themselves: what no longer matches stays, dimmed;
 * what is deleted stays, struck out; what is new is put in only when nobody is pointing at the
 * table, and is counted otherwise.
 */

import { batch, signal } from "@preact/signals";
import type { Simulation, SimulationPage } from "../../api/types";
import type { LiveEvent } from "../../live/protocol";
import { type Counts, type Facets, type Move, NO_COUNTS, inPlace, moved } from "../../logic/facets";
import { type View, isFiltered, viewOf } from "../../logic/filters";
import { type Matcher, asOf, matcherOf } from "../../logic/filters-match";
import { type Comparison, comparisonOf, isVolatile } from "../../logic/list-order";
import { type Inserted, type Stretch, belongs, insert } from "./arrivals";
import { Memory } from "./memory";
import { type Row, relist, rowOf, update } from "./row";

/** Events come with the server's time in milliseconds, and whether rows may be put in now. */
export interface Occasion {
  now: number;
  undisturbed: boolean;
}

export interface Pending {
  count: number;
  /** All of them are new, not only moved here. */
  allNew: boolean;
}

const NONE_PENDING: Pending = { count: 0, allNew: true };

export class RunsList {
  readonly rows = signal<Row[]>([]);
  readonly counts = signal<Counts>(NO_COUNTS);
  readonly pending = signal<Pending>(NONE_PENDING);
  /** Values that the list is sorted by have changed since. */
  readonly disordered = signal(false);
  /** The cursor of the next page; null: there is none, or it must be looked for. */
  readonly next = signal<string | null>(null);
  readonly more = signal(false);

  private view: View = viewOf("");
  private compare: Comparison = comparisonOf(this.view.sort);
  private byUid = new Map<string, Row>();
  private readonly waiting = new Map<string, { run: Simulation; isNew: boolean }>();
  private readonly memory = new Memory();
  /** When the counts were taken, by the server's clock. */
  private countedAt = 0;

  /** Shows a page as the server has it. */
  show(view: View, page: SimulationPage, now: number): void {
    const matcher = matcherOf(view, now);
    batch(() => {
      this.view = view;
      this.compare = comparisonOf(view.sort);
      this.waiting.clear();
      this.place(page.items.map((listed) => this.listed(listed, matcher, now)));
      this.next.value = page.next;
      this.more.value = page.next !== null;
      this.disordered.value = false;
      this.count(page, page.facets as Facets, now);
      this.tellPending();
    });
  }

  /** Takes what a page says of runs, and moves no row. */
  merge(page: SimulationPage, now: number): void {
    const matcher = matcherOf(this.view, now);
    batch(() => {
      for (const run of page.items) this.take(asOf(run, now), matcher, false);
      this.recount(page, now);
      this.tellPending();
    });
  }

  /** Takes newer counts, in the places of the old. */
  recount(page: SimulationPage, now: number): void {
    this.count(page, inPlace(this.counts.peek().facets, page.facets as Facets), now);
  }

  /** What is known of runs that are not listed may be old: events were missed. */
  forget(): void {
    this.memory.clear();
  }

  has(uid: string): boolean {
    return this.byUid.has(uid);
  }

  /**
   * Takes events, in their order; those that were taken before do no harm.
   *
   * @returns the counts cannot be told from these alone
   */
  apply(events: readonly LiveEvent[], occasion: Occasion): boolean {
    const matcher = matcherOf(this.view, occasion.now);
    const moves: Move[] = [];
    let unsure = false;
    batch(() => {
      for (const event of newestOf(events)) {
        const known = this.memory.get(event.uid);
        const told = event.data as Simulation | null;
        if (told !== null && known && known.revision > told.revision) continue;
        const run = told && asOf(told, occasion.now);
        const isNew = !known && run !== null && this.isNew(run, matcher);
        if (!known && !isNew) unsure = true;
        else moves.push([known ?? null, run]);
        if (run) this.take(run, matcher, isNew);
        else this.lose(event.uid);
      }
      this.settleMoves(moves, matcher);
      if (occasion.undisturbed) this.letIn();
      this.tellPending();
    });
    return unsure;
  }

  /** Time has passed: runs whose hour has come are late. */
  tick(now: number): void {
    const due = this.memory.where((run) => asOf(run, now) !== run);
    if (due.length === 0) return;
    const matcher = matcherOf(this.view, now);
    batch(() => {
      const late = due.map((run) => asOf(run, now));
      for (const run of late) this.take(run, matcher, false);
      this.settleMoves(due.map((run, at): Move => [run, late[at] as Simulation]), matcher);
      this.tellPending();
    });
  }

  /** The reader wants the list as it is now: what has gone leaves, what waits comes in, in order. */
  settle(): void {
    batch(() => {
      const kept = this.rows.peek().filter((row) => row.fate.peek() === "shown");
      for (const row of kept) row.placed = row.run.peek();
      kept.sort((one, other) => this.compare(one.placed, other.placed));
      this.accept(insert(kept, this.takeWaiting(() => true), this.compare, Math.max(this.size, kept.length)));
      this.disordered.value = false;
      this.tellPending();
    });
  }

  /** Whether a run that was never heard of is none that the counts have already. */
  private isNew(run: Simulation, matcher: Matcher): boolean {
    if (run.revision === 1) return true;
    if (run.started_at !== null && Date.parse(run.started_at) >= this.countedAt) return true;
    // A page has all runs of its stretch: one that is missing there was not in the list.
    const told = !isFiltered(this.view) && !isVolatile(this.view.sort);
    return told && matcher.matches(run) && belongs(run, this.rows.peek(), this.stretch, this.compare);
  }

  private listed(run: Simulation, matcher: Matcher, now: number): Row {
    const known = this.byUid.get(run.uid);
    const heard = this.memory.get(run.uid);
    // The stream may have been quicker than this answer.
    const quicker = heard !== undefined && heard.revision > run.revision;
    const newest = asOf(quicker ? heard : run, now);
    this.memory.set(newest);
    const row = known ? relist(known, newest) : rowOf(newest);
    if (quicker && !matcher.matches(newest)) row.fate.value = "unmatched";
    return row;
  }

  private count(page: SimulationPage, facets: Facets, now: number): void {
    this.countedAt = now;
    this.counts.value = { facets, total: page.total ?? null, atLeast: page.total_at_least ?? null };
  }

  private take(run: Simulation, matcher: Matcher, isNew: boolean): void {
    this.memory.set(run);
    const row = this.byUid.get(run.uid);
    const matches = matcher.matches(run);
    if (row) {
      update(row, run, matches ? "shown" : "unmatched");
    } else if (matches && belongs(run, this.rows.peek(), this.stretch, this.compare)) {
      this.waiting.set(run.uid, { run, isNew: isNew || this.waiting.get(run.uid)?.isNew === true });
    } else {
      this.waiting.delete(run.uid);
    }
  }

  private lose(uid: string): void {
    this.memory.delete(uid);
    this.waiting.delete(uid);
    const row = this.byUid.get(uid);
    if (row) row.fate.value = "gone";
  }

  private settleMoves(moves: readonly Move[], matcher: Matcher): void {
    if (moves.length) this.counts.value = moved(this.counts.peek(), moves, matcher);
    if (isVolatile(this.view.sort)) this.disordered.value = !this.inOrder();
  }

  private inOrder(): boolean {
    const runs = this.rows.peek().map((row) => row.run.peek());
    return runs.every((run, at) => at === 0 || this.compare(runs[at - 1] as Simulation, run) <= 0);
  }

  /** Those that wait come in, but for old runs whose place has only changed: these are asked for. */
  private letIn(): void {
    const volatile = isVolatile(this.view.sort);
    const runs = this.takeWaiting((entry) => entry.isNew || !volatile);
    if (runs.length) this.accept(insert(this.rows.peek(), runs, this.compare, 2 * this.size));
  }

  private accept({ rows, cut }: Inserted): void {
    this.place(rows);
    if (!cut) return;
    this.more.value = true;
    this.next.value = null;
  }

  private takeWaiting(which: (entry: { isNew: boolean }) => boolean): Simulation[] {
    const chosen = [...this.waiting.values()].filter(which).map(({ run }) => run);
    for (const run of chosen) this.waiting.delete(run.uid);
    return chosen;
  }

  private place(rows: Row[]): void {
    this.rows.value = rows;
    this.byUid = new Map(rows.map((row) => [row.uid, row]));
  }

  private tellPending(): void {
    const entries = [...this.waiting.values()];
    const [count, allNew] = [entries.length, entries.every((entry) => entry.isNew)];
    const told = this.pending.peek();
    if (told.count !== count || told.allNew !== allNew) this.pending.value = { count, allNew };
  }

  private get stretch(): Stretch {
    return { first: this.view.cursor === null, more: this.more.peek() };
  }

  private get size(): number {
    return Number(this.view.limit);
  }
}

/** Of each object the newest event, in the order of these. */
function newestOf(events: readonly LiveEvent[]): LiveEvent[] {
  const newest = new Map<string, LiveEvent>();
  for (const event of events) {
    newest.delete(event.uid);
    newest.set(event.uid, event);
  }
  return [...newest.values()];
}
