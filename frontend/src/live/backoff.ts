/** How long to wait before the next attempt: at random, so that a thousand pages do not come at once. */

export const FIRST = 500;
export const LONGEST = 10_000;

/**
 * @param failures attempts in a row that failed
 * @param chance from 0 to 1
 * @returns milliseconds
 */
export function backoff(failures: number, chance: number): number {
  const ceiling = Math.min(LONGEST, FIRST * 2 ** failures);
  return Math.round(FIRST / 2 + chance * (ceiling - FIRST / 2));
}
