/** Search by name, how far back, which tries; and on a narrow window the way to the filters. */

import { useEffect, useRef } from "preact/hooks";
import { SPANS, SPAN_LABELS, type View, allTries, chipsOf, setFilter } from "../../logic/filters";
import { setQuery } from "../../state/location";
import { Icon } from "../../ui/icon";
import { SearchField } from "./search-field";

export function Toolbar({ view, openFilters }: { view: View; openFilters: () => void }) {
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
      event.preventDefault();
      search.current?.focus();
    };
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  }, []);
  const active = chipsOf(view).length;
  return (
    <div class="list-tools" role="search">
      <SearchField query={view.q ?? ""} field={search} />
      <button type="button" class="button filters-button" onClick={openFilters}>
        <Icon name="filter" />
        Filters
        {active > 0 && <span class="count number">{active}</span>}
      </button>
      <SinceField since={view.since ?? "*"} />
      <div class="try-segments" role="group" aria-label="Tries">
        <Segment label="Current tries" title="The active try of each run" on={!allTries(view)} value={null} />
        <Segment label="All tries" title="Obsolete tries too" on={allTries(view)} value="all" />
      </div>
    </div>
  );
}

const Segment = ({ label, title, on, value }: { label: string; title: string; on: boolean; value: string | null }) => (
  <button type="button" class="button" title={title} aria-pressed={on} onClick={() => setQuery(setFilter("tries", value))}>
    {label}
  </button>
);

function SinceField({ since }: { since: string }) {
  const known = since === "*" || since in SPAN_LABELS;
  return (
    <select
      class="field"
      aria-label="Heard of within"
      value={since}
      onChange={(event) => setQuery(setFilter("since", event.currentTarget.value === "*" ? null : event.currentTarget.value))}
    >
      <option value="*">Any time</option>
      {SPANS.map((span) => (
        <option key={span} value={span}>
          Last {SPAN_LABELS[span]}
        </option>
      ))}
      {!known && <option value={since}>Since {since}</option>}
    </select>
  );
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("input, textarea, select, dialog") !== null;
