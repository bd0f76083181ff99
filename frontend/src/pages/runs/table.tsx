/** The rows of the page as a table. */

import { setSort } from "../../logic/filters";
import { sortOf } from "../../logic/list-order";
import { setQuery } from "../../state/location";
import { Icon } from "../../ui/icon";
import { COLUMNS, type Column, type Key, pressed } from "./columns";
import type { Row } from "./row";
import { RunRow } from "./run-row";

export const RunsTable = ({ rows, sort }: { rows: Row[]; sort: string }) => (
  <div class="scroll runs-scroll">
    <table class="table runs-table">
      <caption class="unseen">Runs</caption>
      <colgroup>
        {COLUMNS.map(({ name }) => (
          <col key={name} class={`col-${name}`} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {COLUMNS.map((column) => (
            <Head key={column.name} column={column} sort={sort} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <RunRow key={row.uid} row={row} />
        ))}
      </tbody>
    </table>
  </div>
);

function Head({ column, sort }: { column: Column; sort: string }) {
  const { field, descending } = sortOf(sort);
  const sorted = column.keys.some((key) => key.field === field);
  return (
    <th scope="col" {...(sorted ? { "aria-sort": descending ? ("descending" as const) : ("ascending" as const) } : {})}>
      {column.label}
      <span class="sort-keys">
        {column.keys.map((key) => (
          <SortKey key={key.field} of={key} sort={sort} />
        ))}
      </span>
    </th>
  );
}

function SortKey({ of: key, sort }: { of: Key; sort: string }) {
  const { field, descending } = sortOf(sort);
  const current = field === key.field;
  const next = pressed(key, sort);
  return (
    <button
      type="button"
      class={`sort-key${current ? " current" : ""}`}
      title={`Sort by ${key.label.toLowerCase()}, ${next.startsWith("-") ? "descending" : "ascending"}`}
      onClick={() => setQuery(setSort(next))}
    >
      {key.label}
      {current && <Icon name={descending ? "down" : "up"} />}
    </button>
  );
}
