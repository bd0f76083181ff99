/** All filters by value, one under the other; some are open, the others a press away. */

import { signal } from "@preact/signals";
import { FACETS, type Facet, type View, clearFilters, isFiltered } from "../../logic/filters";
import { setQuery } from "../../state/location";
import { FacetBox } from "./facet";
import { list } from "./store";

/** Kept while the tab is open, whichever page is shown. */
const open = signal<ReadonlySet<Facet>>(new Set(["state", "machine", "model"]));

function toggle(facet: Facet): void {
  const now = new Set(open.value);
  if (!now.delete(facet)) now.add(facet);
  open.value = now;
}

export function FacetColumn({ view }: { view: View }) {
  const { facets } = list.counts.value;
  return (
    <div class="facets">
      <header>
        <h2>Filters</h2>
        <button type="button" class="more" disabled={!isFiltered(view)} onClick={() => setQuery(clearFilters())}>
          Clear all
        </button>
      </header>
      {FACETS.map((facet) => (
        <FacetBox
          key={facet}
          facet={facet}
          values={facets[facet] ?? []}
          view={view}
          open={open.value.has(facet)}
          toggle={() => toggle(facet)}
        />
      ))}
    </div>
  );
}
