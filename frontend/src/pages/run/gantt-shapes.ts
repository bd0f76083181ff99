/** How a bar is drawn: what state it is in can be told without colours. */

import type { Palette } from "../../charts/palette";
import type { State } from "../../api/types";
import { plain } from "../../charts/plain";
import { cut } from "../../logic/formats";
import type { Bar } from "./gantt";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Shape = Record<string, unknown>;

/** Pixels between the strokes of a hatching. */
const HATCH = 7;
/** Narrower bars have no room for words, but for those that fit whole. */
const ROOM = 64;
const LETTER = 7;

/**
 * complete: plain. running: light, open to the right. late: upright strokes and a dashed edge.
 * error: slanting strokes and a cross at its end. Without a known start: a diamond.
 *
 * @param box on the canvas, cut to what is seen
 * @param marks where its commands failed, as x
 */
export function barShape(bar: Bar, box: Box, marks: readonly number[], palette: Palette): Shape {
  const { state } = bar.job;
  const colour = palette[state];
  const children: Shape[] = bar.anchored
    ? [diamond(box, colour)]
    : [ground(box, state, palette), ...pattern(box, state, colour), ...words(bar, box, palette)];
  if (state === "error" && !bar.anchored) children.push(cross(box, palette));
  return { type: "group", children: [...children, ...marks.map((x) => failure(x, box, palette))] };
}

function ground(box: Box, state: State, palette: Palette): Shape {
  const soft = palette[`${state}-soft`];
  return {
    type: "rect",
    shape: { ...box, r: state === "running" ? [3, 0, 0, 3] : 3 },
    style: {
      fill: soft,
      stroke: palette[state],
      lineWidth: state === "error" ? 1.6 : 1,
      lineDash: state === "late" ? [4, 2] : state === "queued" ? [2, 2] : "solid",
    },
    emphasis: { style: { lineWidth: 2.4 } },
  };
}

function pattern(box: Box, state: State, colour: string): Shape[] {
  if (state === "running") return [edge(box, colour)];
  if (state !== "error" && state !== "late") return [];
  const slant = state === "error" ? box.height : 0;
  const strokes: Shape[] = [];
  for (let x = box.x - slant + HATCH / 2; x < box.x + box.width; x += HATCH) {
    const line = clipped(x, slant, box);
    if (line) strokes.push({ type: "line", silent: true, shape: line, style: { stroke: colour, opacity: 0.38, lineWidth: 1.2 } });
  }
  return strokes;
}

/** A stroke from the bottom at x to the top at x + slant, cut to the box. */
function clipped(x: number, slant: number, box: Box): Shape | null {
  const bottom = box.y + box.height;
  const at = (share: number) => ({ x: x + slant * share, y: bottom - box.height * share });
  if (slant === 0) return x > box.x ? { x1: x, y1: bottom, x2: x, y2: box.y } : null;
  const first = Math.max(0, (box.x - x) / slant);
  const last = Math.min(1, (box.x + box.width - x) / slant);
  if (first >= last) return null;
  const [from, to] = [at(first), at(last)];
  return { x1: from.x, y1: from.y, x2: to.x, y2: to.y };
}

/** It goes on: an arrow's head instead of an edge. */
function edge({ x, y, width, height }: Box, colour: string): Shape {
  const right = x + width;
  const points = [
    [right, y],
    [right + 5, y + height / 2],
    [right, y + height],
  ];
  return { type: "polygon", silent: true, shape: { points }, style: { fill: colour } };
}

function words(bar: Bar, box: Box, palette: Palette): Shape[] {
  if (box.width < ROOM && box.width < bar.label.length * LETTER + 12) return [];
  const room = Math.floor((box.width - 12) / LETTER);
  return [
    {
      type: "text",
      silent: true,
      style: {
        text: plain(cut(bar.label, room)),
        x: box.x + 6,
        y: box.y + box.height / 2,
        verticalAlign: "middle",
        fill: palette.ink,
        font: `520 11px ${palette.font}`,
        // The words stand out from the strokes behind them.
        stroke: palette[`${bar.job.state}-soft`],
        lineWidth: 3,
      },
    },
  ];
}

function cross(box: Box, palette: Palette): Shape {
  const [x, y, arm] = [box.x + box.width, box.y + box.height / 2, 3];
  const line = (turn: number) => ({
    type: "line",
    silent: true,
    shape: { x1: x - arm, y1: y - arm * turn, x2: x + arm, y2: y + arm * turn },
    style: { stroke: palette.surface, lineWidth: 1.8, lineCap: "round" },
  });
  const disc = { type: "circle", silent: true, shape: { cx: x, cy: y, r: 6 }, style: { fill: palette.error } };
  return { type: "group", silent: true, children: [disc, line(1), line(-1)] };
}

function diamond(box: Box, colour: string): Shape {
  const [x, y, arm] = [box.x, box.y + box.height / 2, 6];
  const points = [
    [x - arm, y],
    [x, y - arm],
    [x + arm, y],
    [x, y + arm],
  ];
  return { type: "polygon", shape: { points }, style: { fill: colour } };
}

/** A triangle on the bar's lower edge. */
function failure(x: number, box: Box, palette: Palette): Shape {
  const bottom = box.y + box.height + 2;
  const points = [
    [x - 5, bottom],
    [x, bottom - 9],
    [x + 5, bottom],
  ];
  const style = { fill: palette.late, stroke: palette.surface, lineWidth: 1 };
  return { type: "polygon", silent: true, shape: { points }, style };
}
