/** What needs somebody first, then how the run stands. */

import { JOB_KINDS, type State } from "../../api/types";
import { count, duration } from "../../logic/formats";
import { runAddress } from "../../logic/routes";
import { Facts } from "../../ui/facts";
import { Link } from "../../ui/link";
import { StateShape } from "../../ui/state-mark";
import { AttentionList } from "./attention-list";
import { Changing } from "./changing";
import { HappeningList } from "./happening-list";
import { Copied } from "./header";
import { figure, paceOf } from "./pace";
import type { RunStore } from "./store";
import { KIND_WORDS, ofKind } from "./tallies";

/** Happenings that are told here. */
const LATEST = 12;

export const Overview = ({ store }: { store: RunStore }) => (
  <div class="run-overview">
    <AttentionList store={store} />
    <div class="run-side">
      <JobTallies store={store} />
      <KeyFacts store={store} />
    </div>
    <Latest store={store} />
  </div>
);

const SHOWN: readonly State[] = ["error", "late", "running", "queued", "complete"];

function JobTallies({ store }: { store: RunStore }) {
  const tallies = store.tallies.value;
  const address = (changes: string) => `${runAddress(store.uid, "jobs")}${changes}`;
  return (
    <section class="panel" aria-label="Jobs by kind and state">
      <header>
        <h2>Jobs</h2>
        <Link to={address("")} class="small">
          All {count(store.jobs.value.length)}
        </Link>
      </header>
      <div class="scroll" tabIndex={0} role="group" aria-label="Table of jobs by kind and state">
        <table class="table run-tallies">
          <thead>
            <tr>
              <th scope="col">Kind</th>
              {SHOWN.map((state) => (
                <th key={state} scope="col" class="right">
                  {state}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {JOB_KINDS.filter((kind) => kind === "compute" || ofKind(tallies, kind) > 0).map((kind) => (
              <tr key={kind}>
                <th scope="row">
                  <Link to={address(`&kind=${kind}`)}>{KIND_WORDS[kind]}</Link>
                </th>
                {SHOWN.map((state) => (
                  <td key={state} class="right number" data-tally={`${kind}.${state}`}>
                    <Tally number={tallies[kind][state]} state={state} address={address(`&kind=${kind}&state=${state}`)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Tally({ number, state, address }: { number: number; state: State; address: string }) {
  if (number === 0) return <span class="quiet">0</span>;
  return (
    <Changing value={number}>
      <Link to={address} class={`run-tally is-${state}`} aria-label={`${number} ${state}`}>
        <StateShape state={state} />
        {count(number)}
      </Link>
    </Changing>
  );
}

function KeyFacts({ store }: { store: RunStore }) {
  const run = store.run.value;
  if (!run) return null;
  const { periods } = store.content.value;
  const pace = paceOf(periods);
  const path = (text: string | null, what: string) => text && <Copied text={text} label={`Copy the ${what}`} />;
  return (
    <section class="panel" aria-label="Key facts">
      <header>
        <h2>Key facts</h2>
      </header>
      <div class="body">
        <Facts
          facts={[
            [run.ended_at ? "Lasted" : "Lasts", lasted(run.started_at, run.ended_at, store.hour.value)],
            ["Periods", periods.length ? count(periods.length) : null],
            ["Speed", pace && `${figure(pace.yearsPerDay)} simulated years a day`],
            ["Activity", run.activity],
            ["Scheduler id", run.scheduler_id],
            ["Archive", path(run.archive_path, "archive path")],
            ["Storage", path(run.storage_path, "storage path")],
            ["Small files", path(run.storage_small_path, "path of small files")],
            ["Changes", count(run.revision)],
          ]}
        />
      </div>
    </section>
  );
}

function lasted(start: string | null, end: string | null, now: number): string | null {
  if (!start) return null;
  return duration(((end ? Date.parse(end) : now) - Date.parse(start)) / 1000);
}

function Latest({ store }: { store: RunStore }) {
  const { happenings } = store.content.value;
  return (
    <section class="panel run-latest" aria-label="Latest happenings">
      <header>
        <h2>Latest happenings</h2>
        <Link to={runAddress(store.uid, "timeline")} class="small">
          All {count(happenings.length)}
        </Link>
      </header>
      <HappeningList store={store} entries={happenings.slice(-LATEST).reverse()} />
    </section>
  );
}
