/** The list of runs: filters, rows and pages; all of it is in the address. */

import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { useLive } from "../../live/use-live";
import { type View, viewOf } from "../../logic/filters";
import { now } from "../../state/clock";
import { query } from "../../state/location";
import { narrow } from "../../state/window";
import { Failure } from "../../ui/notice";
import { useTitle } from "../../ui/use-title";
import { attention } from "./attention";
import { Chips } from "./chips";
import { Empty } from "./empty";
import { FacetColumn, FacetSheet } from "./facet-column";
import { ListBar } from "./list-bar";
import { Pager } from "./pager";
import { RunCard } from "./run-card";
import { Skeleton } from "./skeleton";
import { apply, busy, failureOf, isShown, leave, list, load, overdue, ownAction, shown, tick } from "./store";
import { RunsTable } from "./table";
import { Tiles } from "./tiles";
import { Toolbar } from "./toolbar";
import "./filters.css";
import "./tools.css";
import "./table.css";
import "./cards.css";
// What little room there is has the last word.
import "./runs.css";

export function RunsPage() {
  const view = viewOf(query.value);
  const [filtersOpen, openFilters] = useState(false);
  const top = useRef<HTMLElement>(null);
  const reload = useLive({ query: { type: "simulation" }, load, apply });
  useMoves(reload);
  useTitle("");

  const again = () => {
    ownAction();
    reload();
  };
  const settle = () => {
    if (overdue.peek()) again();
    list.settle();
    toTop(top.current);
  };
  return (
    <div class="runs">
      <h1 class="unseen">Runs</h1>
      <Tiles view={view} />
      <div class="runs-columns">
        <aside class="panel runs-aside" aria-label="Filters">
          <FacetColumn view={view} />
        </aside>
        <section class="runs-main" aria-label="Runs" ref={top}>
          <Toolbar view={view} openFilters={() => openFilters(true)} />
          <Chips view={view} />
          <Content view={view} again={again} settle={settle} turned={() => toTop(top.current)} />
        </section>
      </div>
      {filtersOpen && <FacetSheet view={view} close={() => openFilters(false)} />}
    </div>
  );
}

/** The list follows the address, and the clock. */
function useMoves(reload: () => void): void {
  useEffect(() => leave, []);
  const begun = useRef(false);
  useSignalEffect(() => {
    const view = viewOf(query.value);
    // The first load is the stream's.
    if (begun.current && !isShown(view)) {
      ownAction();
      reload();
    }
    begun.current = true;
  });
  useSignalEffect(() => {
    now.value;
    if (tick()) reload();
  });
}

interface ContentProps {
  view: View;
  again: () => void;
  settle: () => void;
  turned: () => void;
}

function Content({ view, again, settle, turned }: ContentProps) {
  const problem = isShown(view) ? null : failureOf(view);
  if (problem) {
    return (
      <div class="panel">
        <Failure problem={problem} retry={again} />
      </div>
    );
  }
  if (shown.value === null) return <Skeleton />;
  return (
    <div class={`runs-list${busy.value ? " busy" : ""}`} aria-busy={busy.value}>
      <ListBar view={shown.value} narrow={narrow.value} settle={settle} />
      <Rows view={shown.value} />
      {(list.rows.value.length > 0 || shown.value.cursor !== null) && <Pager view={shown.value} turned={turned} />}
    </div>
  );
}

function Rows({ view }: { view: View }) {
  const place = useRef<HTMLDivElement>(null);
  const rows = list.rows.value;
  useEffect(() => {
    attention.watch(place.current);
    return () => attention.watch(null);
  }, []);
  return (
    <div ref={place} class="runs-rows" onPointerEnter={attention.enter} onPointerLeave={attention.leave}>
      {rows.length === 0 ? (
        <Empty view={view} />
      ) : narrow.value ? (
        <ul class="run-cards">
          {rows.map((row) => (
            <RunCard key={row.uid} row={row} />
          ))}
        </ul>
      ) : (
        <RunsTable rows={rows} sort={view.sort} />
      )}
    </div>
  );
}

/** The beginning of the list, if it is above what is to be seen. */
function toTop(list: HTMLElement | null): void {
  if (list && list.getBoundingClientRect().top < 0) list.scrollIntoView();
}
