/** The messages of the run, newest first. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Message } from "../../api/types";
import { count } from "../../logic/formats";
import { query, setQuery } from "../../state/location";
import { CODES } from "./codes";
import { jobTitle, nounOf } from "./job-words";
import { MessageRow } from "./message-row";
import { Pill } from "./pill";
import type { RunStore } from "./store";
import { isRead, useReleases } from "./use-still";

/** Rows at first; as many more with each press. */
const ROWS = 100;

export function MessagesTab({ store }: { store: RunStore }) {
  const parameters = new URLSearchParams(query.value);
  const [code, job] = [parameters.get("code"), parameters.get("job")];
  const list = useRef<HTMLDivElement>(null);
  const [most, setMost] = useState(ROWS);
  useEffect(() => {
    store.filter({ code, job });
    setMost(ROWS);
  }, [code, job]);
  useEffect(() => {
    store.reading = () => isRead(list.current);
    return () => {
      store.reading = () => false;
    };
  }, []);
  useReleases(list, store.showHeld);
  const { items, held, next } = store.shelf.value;
  const more = async () => {
    if (items.length < most + ROWS) await store.older();
    setMost(most + ROWS);
  };
  return (
    <div class="panel run-list">
      <Filters store={store} code={code} job={job} />
      {held.length > 0 && (
        <Pill words={`${count(held.length)} new ${held.length === 1 ? "message" : "messages"}`} show={store.showHeld} />
      )}
      <ShelfTrouble store={store} />
      <div ref={list} class="run-rows">
        {items.length === 0 ? <Empty store={store} /> : <Table items={items.slice(0, most)} store={store} />}
      </div>
      {(items.length > most || next !== null) && (
        <div class="run-more">
          <button type="button" class="button" disabled={store.shelfBusy.value} onClick={() => void more()}>
            {store.shelfBusy.value ? "Reading…" : "Show older messages"}
          </button>
        </div>
      )}
    </div>
  );
}

function Filters({ store, code, job }: { store: RunStore; code: string | null; job: string | null }) {
  const jobs = store.jobs.value;
  const unnamed = job && !jobs.some((one) => one.uid === job);
  return (
    <div class="run-filters" role="search" aria-label="Messages">
      <label>
        <span class="small quiet">Code</span>
        <select class="field" value={code ?? ""} onChange={(event) => setQuery({ code: event.currentTarget.value })}>
          <option value="">All codes</option>
          {CODES.map(([value, name]) => (
            <option key={value} value={value}>
              {value} {name}
            </option>
          ))}
          {code && !CODES.some(([value]) => value === code) && <option value={code}>{code}</option>}
        </select>
      </label>
      <label>
        <span class="small quiet">Job</span>
        <select class="field" value={job ?? ""} onChange={(event) => setQuery({ job: event.currentTarget.value })}>
          <option value="">All jobs</option>
          {jobs.map((one) => (
            <option key={one.uid} value={one.uid}>
              {nounOf(one.kind)} {jobTitle(one).slice(0, 60)}
            </option>
          ))}
          {unnamed && <option value={job}>{job}</option>}
        </select>
      </label>
      {(code || job) && (
        <button type="button" class="button" onClick={() => setQuery({ code: null, job: null })}>
          Show all
        </button>
      )}
    </div>
  );
}

function ShelfTrouble({ store }: { store: RunStore }) {
  const problem = store.shelfProblem.value;
  if (!problem) return null;
  return (
    <p class="run-banner is-late" role="status">
      <span class="text">Older messages cannot be read just now: {problem.detail} New ones are shown as they come.</span>
      <button type="button" class="button" onClick={store.retryMessages}>
        Try again
      </button>
    </p>
  );
}

const Empty = ({ store }: { store: RunStore }) => (
  <p class="run-nothing quiet">{store.shelfBusy.value ? "Being read…" : "There is no such message."}</p>
);

const Table = ({ items, store }: { items: readonly Message[]; store: RunStore }) => (
  <table class="table run-table messages-table">
    <thead>
      <tr>
        <th scope="col">Time</th>
        <th scope="col">Code</th>
        <th scope="col">Message</th>
        <th scope="col">Job</th>
        <th scope="col">Producer</th>
        <th scope="col">Flags</th>
      </tr>
    </thead>
    <tbody>
      {items.map((message) => (
        <MessageRow key={message.uid} message={message} store={store} />
      ))}
    </tbody>
  </table>
);
