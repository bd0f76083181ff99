/** The letters, newest first. */

import { useEffect, useRef } from "preact/hooks";
import { count } from "../../logic/formats";
import { addressWith } from "../../state/location";
import { Link } from "../../ui/link";
import { LetterRow } from "./letter-row";
import type { List } from "./list";
import { busy, mark, marked, reading, settle, showNew } from "./store";

export function Table({ list }: { list: List }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    reading.watch(place.current);
    return () => reading.watch(null);
  }, []);
  const left = () => {
    reading.leave();
    settle();
  };
  return (
    <>
      {/* Who goes to what is new has not turned away. */}
      <div ref={place} onPointerEnter={reading.enter} onPointerLeave={left}>
        <NewOnes list={list} />
        <div class={busy.value ? "panel dead-list awaiting" : "panel dead-list"}>
          <table class="table dead-table">
            <caption class="unseen">Dead letters, newest first</caption>
            <thead>
              <tr>
                <th scope="col">
                  <MarkAll list={list} />
                </th>
                <th scope="col">When</th>
                <th scope="col">Reason</th>
                <th scope="col">Stage</th>
                <th scope="col">Door</th>
                <th scope="col">Mail</th>
                <th scope="col">Code</th>
                <th scope="col">App</th>
                <th scope="col" class="right">
                  Size
                </th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody>
              {list.rows.map((row) => (
                <LetterRow key={row.letter.id} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      </div>
      <Pages list={list} />
    </>
  );
}

function MarkAll({ list }: { list: List }) {
  const ids = list.rows.filter((row) => !row.dropped).map((row) => row.letter.id);
  const on = ids.filter((id) => marked.value.has(id)).length;
  return (
    <input
      type="checkbox"
      aria-label="Select all on this page"
      disabled={!ids.length}
      checked={on > 0 && on === ids.length}
      indeterminate={on > 0 && on < ids.length}
      onChange={(event) => mark(ids, event.currentTarget.checked)}
    />
  );
}

/** Those that came while somebody read, or while another page was shown. */
function NewOnes({ list }: { list: List }) {
  const waiting = list.held.length;
  return (
    <div class="new-ones" role="status">
      {waiting > 0 &&
        (list.newest ? (
          <button type="button" class="button primary pill" onClick={showNew}>
            {count(waiting)} new
          </button>
        ) : (
          <Link class="button primary pill" to={addressWith({ cursor: null })}>
            {count(waiting)} new
          </Link>
        ))}
    </div>
  );
}

const Pages = ({ list }: { list: List }) => (
  <nav class="paging" aria-label="Pages of the list">
    <span class="quiet small number">
      {count(list.rows.length)} of {count(list.total)}
      {list.atLeast && " or more"}
    </span>
    {!list.newest && (
      <Link class="button" to={addressWith({ cursor: null })}>
        Newest
      </Link>
    )}
    {list.next && (
      <Link class="button" to={addressWith({ cursor: list.next })}>
        Older
      </Link>
    )}
  </nav>
);
