/** A small line over time, as the path of an SVG. */

import type { Point } from "./history";

export const WIDTH = 200;
export const HEIGHT = 36;
/** The line is this far from the edges, so that its thickness is seen. */
const EDGE = 1.5;
/** Milliseconds that are shown at the least. */
const SHORTEST = 60_000;

export interface Spark {
  line: string;
  area: string;
  /** Milliseconds that it covers. */
  span: number;
  least: number;
  most: number;
}

/** @returns null where there is nothing to draw */
export function sparkOf(points: readonly Point[]): Spark | null {
  const known = points.filter((point): point is Point & { value: number } => point.value !== null);
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last || known.length < 2) return null;
  const values = known.map(({ value }) => value);
  const most = Math.max(...values);
  const span = Math.max(SHORTEST, last.at - first.at);
  const place = ({ at, value }: { at: number; value: number }) => ({
    x: round(WIDTH - ((last.at - at) / span) * WIDTH),
    y: round(HEIGHT - EDGE - (most > 0 ? value / most : 0) * (HEIGHT - 2 * EDGE)),
  });
  const parts = unbroken(points).map((part) => part.map(place));
  return {
    line: parts.map((part) => `M${part.map(({ x, y }) => `${x} ${y}`).join("L")}`).join(""),
    area: parts.map(areaUnder).join(""),
    span,
    least: Math.min(...values),
    most,
  };
}

type Known = { at: number; value: number };

/** The stretches without a gap, of two points or more. */
function unbroken(points: readonly Point[]): Known[][] {
  const parts: Known[][] = [[]];
  for (const { at, value } of points) {
    if (value === null) parts.push([]);
    else parts.at(-1)?.push({ at, value });
  }
  return parts.filter((part) => part.length > 1);
}

function areaUnder(part: { x: number; y: number }[]): string {
  const line = part.map(({ x, y }) => `${x} ${y}`).join("L");
  return `M${part[0]?.x} ${HEIGHT}L${line}L${part.at(-1)?.x} ${HEIGHT}Z`;
}

const round = (number: number): number => Math.round(number * 10) / 10;
