/** Rows that do not move while they are read: the order is kept, what is new waits. */

export interface Still {
  /** In the order to show. */
  order: readonly string[];
  /** There are, but are not shown yet. */
  waiting: number;
}

/**
 * @param before what is shown; null: nothing yet
 * @param fresh all there are, in the order that they should have
 * @param reading the order must not change
 */
export function settle(before: readonly string[] | null, fresh: readonly string[], reading: boolean): Still {
  if (!before || !reading) return { order: fresh, waiting: 0 };
  const there = new Set(fresh);
  const order = before.filter((id) => there.has(id));
  return { order, waiting: fresh.length - order.length };
}
