/** A state, told by a shape, a word and a colour: each of them alone would do. */

import type { JSX } from "preact";
import type { State } from "../api/types";

const SHAPES: Record<State, JSX.Element> = {
  queued: <circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3 2.2" />,
  running: <path d="M4.5 2.5v11l9-5.5z" fill="currentColor" />,
  complete: <path d="M2.5 8.5l3.6 3.6 7.4-8" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round" />,
  late: (
    <g fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round">
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.8V8l2.3 1.6" />
    </g>
  ),
  error: (
    <path d="M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2zM8 4.6v4.2m0 2v.4" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
  ),
};

/** The shape alone, beside words that say the same. */
export const StateShape = ({ state }: { state: State }) => (
  <svg viewBox="0 0 16 16" aria-hidden="true">
    {SHAPES[state]}
  </svg>
);

export const StateMark = ({ state }: { state: State }) => (
  <span class={`state is-${state}`} data-state={state}>
    <StateShape state={state} />
    {state}
  </span>
);
