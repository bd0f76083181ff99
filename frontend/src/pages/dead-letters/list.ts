/**
 * The list of dead letters under a reader's eyes: a page of HTTP, then what the stream tells.
 *
 * A letter that is resent or dropped changes where it stands. New ones come in at the top, or wait
 * beside the list while somebody reads.
 */

import type { DeadLetter, Page } from "../../api/types";
import type { LiveEvent } from "../../live/protocol";
import { type Filter, isFiltered, passes } from "./filter";

export interface Row {
  letter: DeadLetter;
  dropped: boolean;
  /** How often it has changed under the reader's eyes. */
  changes: number;
}

export interface List {
  filter: Filter;
  /** It begins with the newest: nothing was skipped by a cursor. */
  newest: boolean;
  rows: readonly Row[];
  /** Newest first: came since, not shown yet. */
  held: readonly DeadLetter[];
  next: string | null;
  total: number;
  /** There are more than `total`. */
  atLeast: boolean;
}

const rowOf = (letter: DeadLetter): Row => ({ letter, dropped: false, changes: 0 });

/** What HTTP has answered stands for all. */
export function listOf(filter: Filter, cursor: string | null, page: Page<DeadLetter>): List {
  return {
    filter,
    newest: cursor === null,
    rows: page.items.map(rowOf),
    held: [],
    next: page.next,
    total: page.total ?? page.total_at_least ?? page.items.length,
    atLeast: page.total === undefined,
  };
}

/**
 * The stream has told.
 *
 * @param reading rows must not move: what is new waits
 * @param now milliseconds
 */
export function told(list: List, events: readonly LiveEvent[], reading: boolean, now: number): List {
  const after = events.reduce((before, event) => toldOne(before, event, now), list);
  return reading || !list.newest ? after : release(after);
}

function toldOne(list: List, event: LiveEvent, now: number): List {
  if (event.type !== "dead-letter") return list;
  const letter = event.data as DeadLetter | null;
  if (letter === null) return dropped(list, event.uid);
  if (has(list, letter.id)) return replaced(list, letter, now);
  return arrived(list, letter, now);
}

const has = (list: List, id: string): boolean =>
  list.rows.some(({ letter }) => letter.id === id) || list.held.some((letter) => letter.id === id);

function arrived(list: List, letter: DeadLetter, now: number): List {
  if (!passes(letter, list.filter, now) || isOld(list, letter)) return list;
  return { ...list, held: [letter, ...list.held], total: list.total + 1 };
}

/** One that was resent and is not in the list may lie on another page of it: it is none that is new. */
function isOld(list: List, letter: DeadLetter): boolean {
  const newest = list.rows[0]?.letter.at ?? "";
  return letter.resent_at !== null && (!list.newest || letter.at <= newest);
}

function replaced(list: List, letter: DeadLetter, now: number): List {
  const held = list.held.map((one) => (one.id === letter.id ? letter : one));
  let total = list.total;
  const rows = list.rows.map((row) => {
    if (row.letter.id !== letter.id || isSame(row.letter, letter)) return row;
    total += Number(passes(letter, list.filter, now)) - Number(passes(row.letter, list.filter, now));
    return { ...row, letter, changes: row.changes + 1 };
  });
  return { ...list, rows, held, total };
}

const isSame = (one: DeadLetter, other: DeadLetter): boolean =>
  one.resent_at === other.resent_at && one.at === other.at;

/** It was resent, at that time; where it is known to have died again since, it waits. */
export function resent(list: List, id: string, at: string, now: number): List {
  const row = list.rows.find(({ letter }) => letter.id === id);
  const again = row !== undefined && Date.parse(row.letter.at) > Date.parse(at);
  return row && !again ? replaced(list, { ...row.letter, resent_at: at }, now) : list;
}

/** It is no more: struck out where it stands. */
export function dropped(list: List, id: string): List {
  const row = list.rows.find(({ letter }) => letter.id === id);
  if (row?.dropped) return list;
  const held = list.held.filter((letter) => letter.id !== id);
  const rows = list.rows.map((one) => (one === row ? { ...one, dropped: true, changes: one.changes + 1 } : one));
  // Of one that is not shown nobody knows whether it was counted here, unless all were.
  const counted = row !== undefined || held.length < list.held.length || !isFiltered(list.filter);
  return { ...list, rows, held, total: Math.max(0, list.total - (counted ? 1 : 0)) };
}

/** Show what waits. */
export function release(list: List): List {
  if (!list.held.length) return list;
  return { ...list, rows: [...list.held.map((letter) => ({ ...rowOf(letter), changes: 1 })), ...list.rows], held: [] };
}
