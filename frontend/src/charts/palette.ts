/** The page's colours for a canvas, which knows no custom properties. */

import { computed } from "@preact/signals";
import { dark } from "../state/preferences";

const NAMES = [
  "surface",
  "sunken",
  "line",
  "line-strong",
  "ink",
  "ink-2",
  "ink-3",
  "accent",
  "accent-soft",
  "queued",
  "queued-soft",
  "running",
  "running-soft",
  "complete",
  "complete-soft",
  "late",
  "late-soft",
  "error",
  "error-soft",
  "font",
] as const;

export type Palette = Record<(typeof NAMES)[number], string>;

/** Of the theme that is shown; read again when it changes. */
export const palette = computed<Palette>(() => {
  // The theme's name says nothing to the canvas: reading it makes this depend on it.
  void dark.value;
  const style = getComputedStyle(document.documentElement);
  const colours = NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]);
  return Object.fromEntries(colours) as Palette;
});
