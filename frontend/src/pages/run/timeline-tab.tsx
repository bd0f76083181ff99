/** What ran when, as a picture and in words. */

import { useRef, useState } from "preact/hooks";
import { count } from "../../logic/formats";
import { query, setQuery } from "../../state/location";
import { GanttPanel } from "./gantt-panel";
import { HappeningList } from "./happening-list";
import { toneOf } from "./happenings";
import { Pill } from "./pill";
import type { RunStore } from "./store";
import { useStill } from "./use-still";

const ROWS = 150;

export const TimelineTab = ({ store }: { store: RunStore }) => (
  <div class="run-timeline">
    <GanttPanel store={store} />
    <Happenings store={store} />
  </div>
);

function Happenings({ store }: { store: RunStore }) {
  const parameters = new URLSearchParams(query.value);
  const oldest = parameters.get("order") === "oldest";
  const troubles = parameters.get("only") === "troubles";
  const list = useRef<HTMLDivElement>(null);
  const [most, setMost] = useState(ROWS);
  const all = store.content.value.happenings;
  const chosen = troubles ? all.filter((entry) => ["failed", "died"].includes(toneOf(entry.code))) : all;
  const ordered = oldest ? chosen : [...chosen].reverse();
  const byUid = new Map(ordered.map((entry) => [entry.message_uid, entry]));
  // At the end of the list, what is new moves nothing.
  const still = useStill([...byUid.keys()], `${oldest} ${troubles}`, list);
  const order = oldest ? [...byUid.keys()] : still.order;
  const entries = order.slice(0, most).flatMap((uid) => byUid.get(uid) ?? []);
  return (
    <section class="panel" aria-label="Happenings in order">
      <header class="gantt-head">
        <h2>
          Happenings <span class="small quiet number">{count(chosen.length)}</span>
        </h2>
        <div class="run-actions">
          <button
            type="button"
            class="button"
            aria-pressed={troubles}
            onClick={() => setQuery({ only: troubles ? null : "troubles" }, { replace: true })}
          >
            Failures only
          </button>
          <button
            type="button"
            class="button"
            onClick={() => setQuery({ order: oldest ? null : "oldest" }, { replace: true })}
          >
            {oldest ? "Oldest first" : "Newest first"}
          </button>
        </div>
      </header>
      {!oldest && still.waiting > 0 && <Pill words={`${count(still.waiting)} new`} show={still.release} />}
      <div ref={list}>
        <HappeningList store={store} entries={entries} exact />
      </div>
      {order.length > most && (
        <div class="run-more">
          <button type="button" class="button" onClick={() => setMost(most + ROWS)}>
            Show more of {count(order.length)}
          </button>
        </div>
      )}
    </section>
  );
}
