/** How many runs are in each state; a press shows these alone. */

import { STATES, type State } from "../../api/types";
import { countOf } from "../../logic/facets";
import { type View, setFilter, toggleFacet } from "../../logic/filters";
import { count } from "../../logic/formats";
import { setQuery } from "../../state/location";
import { StateShape } from "../../ui/state-mark";
import { list } from "./store";

// What needs somebody first.
const ORDER: readonly State[] = ["error", "late", "running", "queued", "complete"];

export function Tiles({ view }: { view: View }) {
  const { facets } = list.counts.value;
  const all = facets.state && STATES.reduce((sum, state) => sum + (countOf(facets, "state", state) ?? 0), 0);
  return (
    <div class="state-tiles" role="group" aria-label="Runs by state">
      <button
        type="button"
        class="state-tile"
        aria-pressed={view.words.state === undefined}
        onClick={() => setQuery(setFilter("state", null))}
      >
        <span class="word">all</span>
        <span class="tally number" data-tile="all">
          {said(all ?? null)}
        </span>
      </button>
      {ORDER.map((state) => (
        <button
          key={state}
          type="button"
          class={`state-tile is-${state}`}
          aria-pressed={view.words.state === state}
          onClick={() => setQuery(toggleFacet(view, "state", state))}
        >
          <span class="word">
            <StateShape state={state} />
            {state}
          </span>
          <span class="tally number" data-tile={state}>
            {said(countOf(facets, "state", state))}
          </span>
        </button>
      ))}
    </div>
  );
}

const said = (number: number | null): string => (number === null ? "–" : count(number));
