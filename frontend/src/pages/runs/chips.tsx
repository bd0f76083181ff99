/** The filters that are in force; each can be taken away. */

import { type View, chipsOf, clearFilters } from "../../logic/filters";
import { setQuery } from "../../state/location";
import { Icon } from "../../ui/icon";

export function Chips({ view }: { view: View }) {
  const chips = chipsOf(view);
  if (chips.length === 0) return null;
  return (
    <ul class="filter-chips" aria-label="Filters in force">
      {chips.map(({ name, value, remove }) => (
        <li key={name}>
          <button type="button" class="filter-chip" title={`${name}: ${value}`} onClick={() => setQuery(remove)}>
            <span class="quiet">{name}</span>
            <bdi class="clip">{value}</bdi>
            <Icon name="close" />
            <span class="unseen">: take away</span>
          </button>
        </li>
      ))}
      <li>
        <button type="button" class="more" onClick={() => setQuery(clearFilters())}>
          Clear all
        </button>
      </li>
    </ul>
  );
}
