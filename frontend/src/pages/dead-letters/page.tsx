/** What could not be processed: read it, mend the cause, resend it or drop it. */

import "./dead-letters.css";
import { useEffect, useState } from "preact/hooks";
import type { DeadLetter } from "../../api/types";
import { useLive } from "../../live/use-live";
import { count } from "../../logic/formats";
import { query, setQuery } from "../../state/location";
import { Failure, Notice } from "../../ui/notice";
import { useOnChange } from "../../ui/use-on-change";
import { useTitle } from "../../ui/use-title";
import { DeedBar } from "./deed-bar";
import { DropDialog } from "./drop-dialog";
import { filterOf, isFiltered } from "./filter";
import { clearFilters, FilterBar } from "./filter-bar";
import { Inspector } from "./inspector";
import type { List } from "./list";
import { apply, chosen, failure, leave, list, load, perform, wanted } from "./store";
import { Table } from "./table";

export function DeadLettersPage() {
  const reload = useLive({ query: { type: "dead-letter" }, load, apply });
  useTitle("Dead letters");
  useOnChange(wanted.value, reload);
  useEffect(() => leave, []);
  const [asked, ask] = useState<readonly DeadLetter[] | null>(null);
  const inspected = new URLSearchParams(query.value).get("letter");
  const drop = () => {
    const ids = (asked ?? []).map((letter) => letter.id);
    ask(null);
    void perform("drop", ids);
  };
  return (
    <>
      <header class="page-head">
        <h1>Dead letters</h1>
        {list.value && <Total list={list.value} />}
      </header>
      <FilterBar />
      <DeedBar askDrop={() => ask(chosen.value)} />
      {list.value ? (
        <Content list={list.value} />
      ) : failure.value ? (
        <Failure problem={failure.value} retry={reload} />
      ) : (
        <div class="panel dead-list waiting" aria-busy="true" />
      )}
      {inspected && <Inspector id={inspected} close={() => setQuery({ letter: null })} askDrop={ask} />}
      {asked && <DropDialog letters={asked} drop={drop} close={() => ask(null)} />}
    </>
  );
}

const Total = ({ list }: { list: List }) => (
  <span class="quiet number" data-total={list.total}>
    {count(list.total)}
    {list.atLeast && " or more"}
    {isFiltered(list.filter) && " match"}
  </span>
);

function Content({ list }: { list: List }) {
  if (list.rows.length || list.held.length) return <Table list={list} />;
  if (isFiltered(filterOf(query.value)) || !list.newest) {
    return (
      <div class="panel">
        <Notice title="No dead letter fits">
          <button type="button" class="button" onClick={clearFilters}>
            Clear filters
          </button>
        </Notice>
      </div>
    );
  }
  return (
    <div class="panel">
      <Notice title="No dead letters">
        <p>
          Everything that came in was understood. What cannot be processed is kept here, byte for byte, with its reason
          and what can be done about it.
        </p>
      </Notice>
    </div>
  );
}
