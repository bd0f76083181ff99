/** How far a run has come. */

import type { State } from "../api/types";
import { percent } from "../logic/formats";

export const Progress = ({ share, state }: { share: number; state: State }) => (
  <span class={`progress is-${state}`}>
    <progress value={share} max={1} aria-label={`Progress: ${percent(share)}`} />
    <span class="number">{percent(share)}</span>
  </span>
);
