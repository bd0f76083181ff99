/**
 * The bar over the rows: which of them these are, and what waits to be shown. It is always there,
 * so that nothing moves when it has something to say.
 */

import { DEFAULT_SORT, type View, setSort } from "../../logic/filters";
import { count } from "../../logic/formats";
import { setQuery } from "../../state/location";
import { Icon } from "../../ui/icon";
import { COLUMNS } from "./columns";
import { behind, list, overdue } from "./store";

export function ListBar({ view, narrow, settle }: { view: View; narrow: boolean; settle: () => void }) {
  return (
    <div class="list-bar">
      <Range from={view.from} />
      <Waiting settle={settle} />
      {behind.value && (
        <span class="list-behind small" role="status" title={behind.value.detail}>
          Not up to date: {behind.value.title}
        </span>
      )}
      {narrow && <SortField sort={view.sort} />}
    </div>
  );
}

/** `51–100 of 10,412`. */
export function Range({ from }: { from: number }) {
  const { total, atLeast } = list.counts.value;
  const rows = list.rows.value.length;
  const all = total === null ? `more than ${count(atLeast ?? 0)}` : count(Math.max(total, rows ? from + rows - 1 : 0));
  return (
    <span class="list-range number" data-part="range">
      {rows ? `${count(from)}–${count(from + rows - 1)} of ${all}` : "No runs"}
    </span>
  );
}

function Waiting({ settle }: { settle: () => void }) {
  const { count: number, allNew } = list.pending.value;
  const words = number
    ? `${count(number)} ${allNew ? "new" : "more"} ${number === 1 ? "run" : "runs"}`
    : overdue.value
      ? "The list has changed"
      : list.disordered.value
        ? "Sort again"
        : null;
  return (
    <span class="list-waiting" role="status">
      {words && (
        <button type="button" class={`list-pill${number ? "" : " calm"}`} onClick={settle}>
          <Icon name={number ? "up" : "again"} />
          {words}
        </button>
      )}
    </span>
  );
}

const KEYS = COLUMNS.flatMap((column) => column.keys);

/** Where there are no heads of columns. */
function SortField({ sort }: { sort: string }) {
  const options = KEYS.flatMap(({ field, label }) => [
    { value: field, words: `${label}, ascending` },
    { value: `-${field}`, words: `${label}, descending` },
  ]);
  const known = options.some(({ value }) => value === sort);
  return (
    <select class="field" aria-label="Sort by" value={sort} onChange={(event) => setQuery(setSort(event.currentTarget.value))}>
      {!known && <option value={sort}>{sort}</option>}
      {options.map(({ value, words }) => (
        <option key={value} value={value}>
          {value === DEFAULT_SORT ? "Newest first" : words}
        </option>
      ))}
    </select>
  );
}
