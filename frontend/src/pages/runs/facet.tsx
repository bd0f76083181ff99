/** One filter with its values and how many runs have each. */

import { useState } from "preact/hooks";
import { type FacetValue, STATES, type State } from "../../api/types";
import { FACET_LABELS, type Facet, type View, setFilter, toggleFacet } from "../../logic/filters";
import { count } from "../../logic/formats";
import { setQuery } from "../../state/location";
import { Icon } from "../../ui/icon";
import { StateShape } from "../../ui/state-mark";

/** A list that is not longer is shown whole. */
const SHORT = 8;
/** The API gives no more values: there may be others. */
const MOST = 100;

interface Props {
  facet: Facet;
  values: FacetValue[];
  view: View;
  open: boolean;
  toggle: () => void;
}

export function FacetBox({ facet, values, view, open, toggle }: Props) {
  const chosen = view.words[facet];
  return (
    <section class="facet" data-facet={facet}>
      <h3>
        <button type="button" aria-expanded={open} onClick={toggle}>
          <Icon name="chevron" />
          {FACET_LABELS[facet]}
          {chosen !== undefined && !open && <span class="dot" title={`Only ${chosen}`} />}
          <span class="tally number">{values.length >= MOST ? `${MOST}+` : values.length}</span>
        </button>
      </h3>
      {open && <Values facet={facet} values={values} view={view} />}
    </section>
  );
}

function Values({ facet, values, view }: Pick<Props, "facet" | "values" | "view">) {
  const [whole, setWhole] = useState(false);
  const [sought, setSought] = useState("");
  const chosen = view.words[facet];
  const long = values.length > SHORT + 2;
  const found = sought ? values.filter((entry) => has(entry, sought)) : values;
  const shown = long && !whole ? values.slice(0, SHORT) : found;
  // What is chosen is to be seen, however few have it.
  const missing = chosen !== undefined && !shown.some((entry) => entry.value === chosen);
  const unlisted = long && whole && values.length >= MOST && sought && !values.some((entry) => entry.value === sought);
  if (values.length === 0 && !missing) return <p class="quiet small none">No values</p>;
  return (
    <>
      {long && whole && (
        <input
          class="field facet-search"
          type="search"
          placeholder="Search"
          aria-label={`Search in ${FACET_LABELS[facet].toLowerCase()}`}
          value={sought}
          onInput={(event) => setSought(event.currentTarget.value)}
        />
      )}
      <ul class={long && whole ? "values long" : "values"}>
        {missing && <Value facet={facet} entry={values.find((e) => e.value === chosen) ?? blank(chosen)} view={view} />}
        {shown.map((entry) => (
          <Value key={entry.value ?? "\0"} facet={facet} entry={entry} view={view} />
        ))}
      </ul>
      {unlisted && (
        <button type="button" class="more" onClick={() => setQuery(setFilter(facet, sought))}>
          Only “{sought}”
        </button>
      )}
      {long && (
        <button type="button" class="more" onClick={() => setWhole(!whole)}>
          {whole ? "Show fewer" : `Show all ${values.length}`}
        </button>
      )}
    </>
  );
}

function Value({ facet, entry, view }: { facet: Facet; entry: FacetValue; view: View }) {
  const { value, label } = entry;
  const words = (
    <>
      {facet === "state" && isState(value) && <StateShape state={value} />}
      <bdi class="clip">{label}</bdi>
      <span class="tally number">{count(entry.count)}</span>
    </>
  );
  // The API has no word for none.
  if (value === null) return <li class="value quiet">{words}</li>;
  return (
    <li>
      <button
        type="button"
        class={`value${facet === "state" ? ` is-${value}` : ""}`}
        title={label}
        aria-pressed={view.words[facet] === value}
        onClick={() => setQuery(toggleFacet(view, facet, value))}
      >
        {words}
      </button>
    </li>
  );
}

const has = (entry: FacetValue, text: string): boolean => entry.label.toLowerCase().includes(text.toLowerCase());
const blank = (value: string): FacetValue => ({ value, label: value, count: 0 });
const isState = (word: string | null): word is State => (STATES as readonly string[]).includes(word ?? "");
