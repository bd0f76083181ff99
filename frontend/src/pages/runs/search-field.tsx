/** Text in the name. The address follows what is typed after a moment, as one step to go back. */

import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { setFilter } from "../../logic/filters";
import { setQuery } from "../../state/location";
import { Icon } from "../../ui/icon";

/** Milliseconds without a key before the list is asked. */
const PAUSE = 250;

export function SearchField({ query, field }: { query: string; field: RefObject<HTMLInputElement> }) {
  const [text, setText] = useState(query);
  const timer = useRef(0);
  const asked = useRef(query);
  const inBurst = useRef(false);

  useEffect(() => {
    // Changed from elsewhere: a chip, the back button.
    if (query !== asked.current) {
      asked.current = query;
      setText(query);
    }
  }, [query]);
  useEffect(() => () => window.clearTimeout(timer.current), []);

  const ask = (wanted: string) => {
    window.clearTimeout(timer.current);
    if (wanted === asked.current) return;
    asked.current = wanted;
    setQuery(setFilter("q", wanted || null), { replace: inBurst.current });
    inBurst.current = true;
  };
  const typed = (wanted: string) => {
    setText(wanted);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => ask(wanted), PAUSE);
  };
  const done = () => {
    ask(text);
    inBurst.current = false;
  };
  return (
    <span class="search-field">
      <Icon name="search" />
      <input
        ref={field}
        class="field"
        type="search"
        placeholder="Name, * for any text"
        aria-label="Search by name; * stands for any text"
        title="Text in the name; with * the whole name must match. Press / to come here"
        maxLength={200}
        value={text}
        onInput={(event) => typed(event.currentTarget.value)}
        onBlur={done}
        onKeyDown={(event) => event.key === "Enter" && done()}
      />
    </span>
  );
}
