/** All tries of the run's identity: how each went. */

import { useEffect, useState } from "preact/hooks";
import type { SimulationDetail, Try } from "../../api/types";
import { duration } from "../../logic/formats";
import { runAddress } from "../../logic/routes";
import { JobBar } from "../../ui/job-bar";
import { Link } from "../../ui/link";
import { Progress } from "../../ui/progress";
import { StateMark } from "../../ui/state-mark";
import { Moment } from "../../ui/when";
import { readRun } from "./reading";
import type { RunStore } from "./store";

/** The newest tries are told whole; of earlier ones what the run itself tells. */
const WHOLE = 12;

export function TriesTab({ store }: { store: RunStore }) {
  const run = store.run.value;
  const tries = run?.all_tries ?? [];
  const details = useDetails(store.uid, tries);
  if (!run) return null;
  return (
    <div class="panel">
      <header>
        <h2>Tries</h2>
        <span class="small quiet">Runs of one name, experiment, model, space, login, machine, centre and project</span>
      </header>
      <table class="table run-table">
        <thead>
          <tr>
            <th scope="col">Try</th>
            <th scope="col">Which</th>
            <th scope="col">State</th>
            <th scope="col">Progress</th>
            <th scope="col">Start</th>
            <th scope="col">End</th>
            <th scope="col">Lasted</th>
            <th scope="col">Compute jobs</th>
          </tr>
        </thead>
        <tbody>
          {[...tries].reverse().map((one) => (
            <TryRow key={one.uid} one={one} whole={one.uid === run.uid ? run : details.get(one.uid)} here={one.uid === run.uid} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TryRow({ one, whole, here }: { one: Try; whole: SimulationDetail | undefined; here: boolean }) {
  return (
    <tr data-try={one.number} class={here ? "here" : ""} {...(here ? { "aria-current": "true" as const } : {})}>
      <td data-label="Try" class="head">
        {here ? <strong>Try {one.number}</strong> : <Link to={runAddress(one.uid)}>Try {one.number}</Link>}
      </td>
      <td data-label="Which">
        {here && <span class="flag-chip">shown here</span>}
        {one.active && <span class="flag-chip">active</span>}
      </td>
      <td data-label="State">
        <StateMark state={whole?.state ?? one.state} />
      </td>
      <td data-label="Progress">{whole ? <Progress share={whole.progress} state={whole.state} /> : <span class="quiet">–</span>}</td>
      <td data-label="Start">
        <Moment at={one.started_at} />
      </td>
      <td data-label="End">
        <Moment at={whole?.ended_at ?? null} />
      </td>
      <td data-label="Lasted" class="number">
        {lasted(whole)}
      </td>
      <td data-label="Compute jobs">
        <JobBar counts={whole?.jobs.compute} />
      </td>
    </tr>
  );
}

function lasted(run: SimulationDetail | undefined): string {
  if (!run?.started_at || !run.ended_at) return "–";
  return duration((Date.parse(run.ended_at) - Date.parse(run.started_at)) / 1000);
}

/** The other tries whole, by uid; those that cannot be read are left out. */
function useDetails(uid: string, tries: readonly Try[]): ReadonlyMap<string, SimulationDetail> {
  const [details, setDetails] = useState<ReadonlyMap<string, SimulationDetail>>(new Map());
  const wanted = tries.map((one) => one.uid).filter((one) => one !== uid).slice(-WHOLE).join(" ");
  useEffect(() => {
    const stop = new AbortController();
    for (const other of wanted.split(" ").filter(Boolean)) {
      readRun(other, stop.signal).then(
        (run) => setDetails((before) => new Map(before).set(other, run)),
        () => undefined,
      );
    }
    return () => stop.abort();
  }, [wanted]);
  return details;
}
