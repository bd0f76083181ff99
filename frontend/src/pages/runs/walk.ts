/** Where pages begin: the cursors that were passed, or a walk from the beginning of the list. */

import { get } from "../../api/http";
import type { SimulationPage } from "../../api/types";
import { type Changes, type View, setPage, walkQuery } from "../../logic/filters";

/** Rows that the API gives at once, at the most. */
const STRIDE = 1_000;

/** What was before a cursor, while this tab is open. */
const trail = new Map<string, Changes>();

/** To the page that begins after `cursor`. */
export function forward(view: View, cursor: string, from: number): Changes {
  trail.set(cursor, setPage(view.cursor, view.from));
  return setPage(cursor, from);
}

/**
 * To the page before.
 *
 * @throws Problem
 */
export async function back(view: View): Promise<Changes> {
  const known = trail.get(view.cursor ?? "");
  if (known) return known;
  const size = Number(view.limit) || STRIDE;
  const before = view.from - 1 - size;
  return before > 0 ? setPage(await cursorAfter(view, before), before + 1) : setPage(null, 1);
}

/**
 * The cursor that leads on after so many rows; null where there are no more.
 *
 * @throws Problem
 */
export async function cursorAfter(view: View, rows: number): Promise<string | null> {
  let cursor: string | null = null;
  for (let left = rows; left > 0; left -= STRIDE) {
    const page: SimulationPage = await get(`/simulations?${walkQuery(view, Math.min(left, STRIDE), cursor)}`);
    if (page.next === null) return null;
    cursor = page.next;
  }
  return cursor;
}
