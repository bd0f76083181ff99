/**
 * The list of messages under a reader's eyes.
 *
 * What comes while somebody reads waits beside the list until it is asked for: lines that are
 * being read do not move.
 */

import type { Message, Page } from "../../api/types";

export interface Filter {
  /** As received or as routed. */
  code: string | null;
  job: string | null;
}

export interface Shelf {
  filter: Filter;
  /** Newest first: in the order in which they came to be stored, turned round. */
  items: readonly Message[];
  /** Newest first: came since, not shown yet. */
  held: readonly Message[];
  /** The cursor of what is older; null at the end. */
  next: string | null;
}

export const emptyShelf = (filter: Filter): Shelf => ({ filter, items: [], held: [], next: null });

export const passes = (message: Message, { code, job }: Filter): boolean =>
  (!code || message.code === code || message.routed_as === code) && (!job || message.job_uid === job);

/** New ones came, the newest last; `reading`: they must wait. */
export function arrived(shelf: Shelf, messages: readonly Message[], reading: boolean): Shelf {
  const known = new Set([...shelf.items, ...shelf.held].map((message) => message.uid));
  const fresh = messages.filter((one) => passes(one, shelf.filter) && !known.has(one.uid) && known.add(one.uid));
  if (!fresh.length) return shelf;
  const held = [...fresh.reverse(), ...shelf.held];
  return reading ? { ...shelf, held } : release({ ...shelf, held });
}

/** Show what waits. */
export const release = (shelf: Shelf): Shelf =>
  shelf.held.length ? { ...shelf, items: [...shelf.held, ...shelf.items], held: [] } : shelf;

/** A page of older ones was read. */
export function paged(shelf: Shelf, page: Page<Message>): Shelf {
  const known = new Set([...shelf.items, ...shelf.held].map((message) => message.uid));
  const older = page.items.filter((message) => !known.has(message.uid));
  return { ...shelf, items: [...shelf.items, ...older], next: page.next };
}

/** The first page was read: it stands for all, but what came by the stream is kept before it. */
export function restarted(shelf: Shelf, page: Page<Message>): Shelf {
  const read = new Set(page.items.map((message) => message.uid));
  // What lies deeper than the page is read again by its cursor.
  const newest = shelf.items.findIndex((message) => read.has(message.uid));
  const before = newest < 0 ? [] : shelf.items.slice(0, newest).filter((message) => !read.has(message.uid));
  const held = shelf.held.filter((message) => !read.has(message.uid));
  return { ...shelf, items: [...before, ...page.items], held, next: page.next };
}
