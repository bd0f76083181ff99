/** From page to page, and how long a page is. */

import { useSignal } from "@preact/signals";
import { type Problem, problemFrom } from "../../api/http";
import { type Changes, PAGE_SIZES, type View, setPageSize } from "../../logic/filters";
import { setQuery } from "../../state/location";
import { Icon } from "../../ui/icon";
import { Range } from "./list-bar";
import { list } from "./store";
import { back, cursorAfter, forward } from "./walk";

export function Pager({ view, turned }: { view: View; turned: () => void }) {
  const problem = useSignal<Problem | null>(null);
  const turn = async (find: () => Promise<Changes | null>) => {
    try {
      const changes = await find();
      problem.value = null;
      if (!changes) return;
      setQuery(changes);
      turned();
    } catch (error) {
      problem.value = problemFrom(error);
    }
  };
  const next = async () => {
    const from = view.from + list.rows.peek().length;
    const cursor = list.next.peek() ?? (await cursorAfter(view, from - 1));
    return cursor === null ? null : forward(view, cursor, from);
  };
  return (
    <nav class="list-pager" aria-label="Pages">
      <label class="small quiet">
        Rows{" "}
        <select class="field" value={view.limit} onChange={(event) => setQuery(setPageSize(event.currentTarget.value))}>
          {!PAGE_SIZES.includes(view.limit as "50") && <option value={view.limit}>{view.limit}</option>}
          {PAGE_SIZES.map((size) => (
            <option key={size} value={size}>
              {size}
            </option>
          ))}
        </select>
      </label>
      <span class="small" role="alert">
        {problem.value && `${problem.value.title}: ${problem.value.detail}`}
      </span>
      <Range from={view.from} />
      <span class="turn">
        <button type="button" class="button" disabled={view.cursor === null} onClick={() => void turn(() => back(view))}>
          <Icon name="left" />
          Previous
        </button>
        <button type="button" class="button" disabled={!list.more.value} onClick={() => void turn(next)}>
          Next
          <Icon name="right" />
        </button>
      </span>
    </nav>
  );
}
