/** All jobs of the run: filters, order, a row a job. */

import { useMemo, useRef, useState } from "preact/hooks";
import { type Job, JOB_KINDS, type State } from "../../api/types";
import { count } from "../../logic/formats";
import { addressWith, query, setQuery } from "../../state/location";
import { Link } from "../../ui/link";
import { StateShape } from "../../ui/state-mark";
import { type Choice, choiceOf, listed, type Sort } from "./job-list";
import { JobRow } from "./job-row";
import { Pill } from "./pill";
import type { RunStore } from "./store";
import { inState, KIND_WORDS, ofKind, type Tallies } from "./tallies";
import { useStill } from "./use-still";

/** Rows at once: more are shown when they are asked for. */
const ROWS = 300;

export function JobsTab({ store }: { store: RunStore }) {
  const choice = useMemo(() => choiceOf(new URLSearchParams(query.value)), [query.value]);
  const jobs = store.jobs.value;
  const list = useRef<HTMLDivElement>(null);
  const [most, setMost] = useState(ROWS);
  const fresh = listed(jobs, choice, store.hour.value);
  const byUid = new Map(fresh.map((job) => [job.uid, job]));
  const still = useStill([...byUid.keys()], JSON.stringify(choice), list);
  const rows = still.order.map((uid) => byUid.get(uid) as Job);
  return (
    <div class="panel run-list">
      <Filters tallies={store.tallies.value} choice={choice} shown={fresh.length} />
      {still.waiting > 0 && <Pill words={`${count(still.waiting)} new ${still.waiting === 1 ? "job" : "jobs"}`} show={still.release} />}
      <div ref={list} class="run-rows">
        {rows.length === 0 ? (
          <Empty store={store} all={jobs.length} />
        ) : (
          <Table rows={rows.slice(0, most)} choice={choice} store={store} />
        )}
      </div>
      {rows.length > most && (
        <div class="run-more">
          <button type="button" class="button" onClick={() => setMost(most + ROWS)}>
            Show more of {count(rows.length)}
          </button>
        </div>
      )}
    </div>
  );
}

function Empty({ store, all }: { store: RunStore; all: number }) {
  if (!all) return <p class="run-nothing quiet">{store.complete.value ? "No job has started yet." : "Being read…"}</p>;
  return (
    <p class="run-nothing quiet">
      No job is like that. <Link to={addressWith({ kind: null, state: null, q: null })}>Show all {count(all)}</Link>
    </p>
  );
}

/** What needs somebody first. */
const ORDER: readonly State[] = ["error", "late", "running", "queued", "complete"];

interface FilterProps {
  tallies: Tallies;
  choice: Choice;
  shown: number;
}

function Filters({ tallies, choice, shown }: FilterProps) {
  const [words, setWords] = useState(choice.q);
  return (
    <div class="run-filters" role="search" aria-label="Jobs">
      <div class="run-segments" role="group" aria-label="Kind">
        <Toggle label="All kinds" on={!choice.kind} change={{ kind: null }} />
        {JOB_KINDS.filter((kind) => ofKind(tallies, kind) > 0 || kind === choice.kind).map((kind) => (
          <Toggle
            key={kind}
            label={KIND_WORDS[kind]}
            tally={ofKind(tallies, kind)}
            on={choice.kind === kind}
            change={{ kind: choice.kind === kind ? null : kind }}
          />
        ))}
      </div>
      <div class="run-segments" role="group" aria-label="State">
        {ORDER.filter((state) => inState(tallies, state) > 0 || state === choice.state).map((state) => (
          <Toggle
            key={state}
            label={state}
            tally={choice.kind ? tallies[choice.kind][state] : inState(tallies, state)}
            on={choice.state === state}
            change={{ state: choice.state === state ? null : state }}
            shape={<StateShape state={state} />}
            look={`is-${state}`}
          />
        ))}
      </div>
      <input
        class="field run-search"
        type="search"
        placeholder="Name, date, component, scheduler id"
        aria-label="Jobs with this text"
        value={words}
        onInput={(event) => {
          setWords(event.currentTarget.value);
          setQuery({ q: event.currentTarget.value }, { replace: true });
        }}
      />
      <SortSelect choice={choice} />
      <span class="run-count small quiet number" role="status">
        {count(shown)} shown
      </span>
    </div>
  );
}

interface ToggleProps {
  label: string;
  on: boolean;
  change: Record<string, string | null>;
  tally?: number;
  shape?: preact.JSX.Element;
  look?: string;
}

const Toggle = ({ label, on, change, tally, shape, look }: ToggleProps) => (
  <button
    type="button"
    class={`button toggle ${look ?? ""}`}
    aria-pressed={on}
    onClick={() => setQuery(change, { replace: true })}
  >
    {shape}
    {label}
    {tally !== undefined && <span class="tally number">{count(tally)}</span>}
  </button>
);

const COLUMNS: [sort: Sort, label: string, right?: boolean][] = [
  ["state", "State"],
  ["title", "Job"],
  ["kind", "Kind"],
  ["scheduler_id", "Scheduler id"],
  ["started_at", "Start"],
  ["ended_at", "End"],
  ["duration", "Lasted", true],
  ["failed_commands", "Failed commands", true],
];

/** On a phone there are no headings to press. */
const SortSelect = ({ choice }: { choice: Choice }) => (
  <select
    class="field run-sort"
    aria-label="Order"
    value={`${choice.descending ? "-" : ""}${choice.sort}`}
    onChange={(event) => setQuery({ sort: event.currentTarget.value }, { replace: true })}
  >
    {COLUMNS.map(([sort, label]) => [
      <option key={sort} value={sort}>
        {label}, upwards
      </option>,
      <option key={`-${sort}`} value={`-${sort}`}>
        {label}, downwards
      </option>,
    ])}
  </select>
);

function Table({ rows, choice, store }: { rows: Job[]; choice: Choice; store: RunStore }) {
  return (
    <table class="table run-table jobs-table">
      <thead>
        <tr>
          {COLUMNS.map(([sort, label, right]) => (
            <Heading key={sort} sort={sort} label={label} right={right ?? false} choice={choice} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((job) => (
          <JobRow key={job.uid} job={job} now={store.hour} />
        ))}
      </tbody>
    </table>
  );
}

interface HeadingProps {
  sort: Sort;
  label: string;
  right: boolean;
  choice: Choice;
}

function Heading({ sort, label, right, choice }: HeadingProps) {
  const on = choice.sort === sort;
  const direction = choice.descending ? "descending" : "ascending";
  const next = on && choice.descending ? sort : `-${sort}`;
  return (
    <th scope="col" class={right ? "right" : ""} {...(on ? { "aria-sort": direction as "descending" } : {})}>
      <button type="button" class="sorter" onClick={() => setQuery({ sort: next }, { replace: true })}>
        {label}
        <span aria-hidden="true" class="sorter-mark">
          {on ? (choice.descending ? "↓" : "↑") : ""}
        </span>
      </button>
    </th>
  );
}
