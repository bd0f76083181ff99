/** Drawings that stand beside words or have a label of their own. */

import type { JSX } from "preact";

const PATHS = {
  sun: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1",
  moon: "M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z",
  contrast: "M8 1.5a6.5 6.5 0 1 0 0 13zm0 0a6.5 6.5 0 0 1 0 13",
  close: "M3.5 3.5l9 9m0-9l-9 9",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.5 10.5L14 14",
  chevron: "M4 6l4 4 4-4",
  left: "M10 3L5 8l5 5",
  right: "M6 3l5 5-5 5",
  up: "M8 13V3m-4 4l4-4 4 4",
  down: "M8 3v10m4-4l-4 4-4-4",
  filter: "M2 4h12M4.5 8h7M7 12h2",
  copy: "M5.5 5.5h8v8h-8zM3 10.5H2.5v-8h8V3",
  tick: "M3 8.5l3.2 3.2L13 4.5",
  save: "M8 2v8m-3.5-3.5L8 10l3.5-3.5M2.5 13.5h11",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  mail: "M2 4h12v8.5H2zM2 4.5l6 4.5 6-4.5",
  again: "M13 8a5 5 0 1 1-1.5-3.5M13 2v3h-3",
  bin: "M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.5 9h6l.5-9",
} as const;

export type IconName = keyof typeof PATHS;

export const Icon = ({ name }: { name: IconName }): JSX.Element => (
  <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path d={PATHS[name]} fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" />
  </svg>
);
