/** All filters by value, one under the other; some are open, the others a press away. */

import { signal } from "@preact/signals";
import { FACETS, type Facet, type View, clearFilters, isFiltered } from "../../logic/filters";
import { count } from "../../logic/formats";
import { setQuery } from "../../state/location";
import { Drawer } from "../../ui/drawer";
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
  return (
    <div class="facets">
      <header>
        <h2>Filters</h2>
        <button type="button" class="more" disabled={!isFiltered(view)} onClick={() => setQuery(clearFilters())}>
          Clear all
        </button>
      </header>
      <Facets view={view} />
    </div>
  );
}

/** The same as a sheet over the page, where there is no room for a column. */
export function FacetSheet({ view, close }: { view: View; close: () => void }) {
  const { total, atLeast } = list.counts.value;
  const runs = total === null ? `more than ${count(atLeast ?? 0)}` : count(total);
  const foot = (
    <>
      <button type="button" class="button primary" onClick={close}>
        Show {runs} {total === 1 ? "run" : "runs"}
      </button>
      <button type="button" class="button" disabled={!isFiltered(view)} onClick={() => setQuery(clearFilters())}>
        Clear all
      </button>
    </>
  );
  return (
    <Drawer title="Filters" close={close} footer={foot}>
      <div class="facets">
        <Facets view={view} />
      </div>
    </Drawer>
  );
}

function Facets({ view }: { view: View }) {
  const { facets } = list.counts.value;
  return (
    <>
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
    </>
  );
}
