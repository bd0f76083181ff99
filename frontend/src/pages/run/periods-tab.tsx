/** The simulated periods: how fast the model's time goes by. */

import { useMemo, useState } from "preact/hooks";
import { Chart } from "../../charts/chart";
import { palette } from "../../charts/palette";
import { count, duration } from "../../logic/formats";
import { zone } from "../../state/preferences";
import { Notice } from "../../ui/notice";
import { Moment } from "../../ui/when";
import { jobTitle } from "./job-words";
import { JobLink } from "./links";
import { dateText, parseModelDate } from "./model-time";
import { figure, paceOf, timed, type TimedPeriod } from "./pace";
import { periodsOption } from "./periods-option";
import type { RunStore } from "./store";

const ROWS = 200;

export function PeriodsTab({ store }: { store: RunStore }) {
  const { periods } = store.content.value;
  const [most, setMost] = useState(ROWS);
  const option = useMemo(
    () => periodsOption({ periods, utc: zone.value === "utc", palette: palette.value }),
    [periods, zone.value, palette.value],
  );
  if (!periods.length) {
    return (
      <Notice title={store.complete.value ? "No period has begun yet" : "Being read…"}>
        <p>A period is a stretch of the model's time; each tells when it begins.</p>
      </Notice>
    );
  }
  const pace = paceOf(periods);
  // The newest stand at the end, where they move nothing.
  const rows = timed(periods);
  return (
    <div class="run-timeline">
      {periods.length > 1 && (
        <section class="panel" aria-label="The model's time against the clock">
          <header>
            <h2>The model's time against the clock</h2>
            {pace && <span class="small quiet number">{figure(pace.yearsPerDay)} simulated years a day</span>}
          </header>
          <Chart label={`Chart of the model's time against the clock, ${count(periods.length)} periods`} height={240} option={option} />
        </section>
      )}
      <section class="panel" aria-label="Periods">
        <header>
          <h2>
            Periods <span class="small quiet number">{count(periods.length)}</span>
          </h2>
        </header>
        <Table rows={rows.slice(-most).reverse()} store={store} />
        {rows.length > most && (
          <div class="run-more">
            <button type="button" class="button" onClick={() => setMost(most + ROWS)}>
              Show earlier ones
            </button>
          </div>
        )}
      </section>
    </div>
  );
}

const Table = ({ rows, store }: { rows: TimedPeriod[]; store: RunStore }) => (
  <table class="table run-table">
    <thead>
      <tr>
        <th scope="col" class="right">
          Number
        </th>
        <th scope="col">Model time</th>
        <th scope="col">Began</th>
        <th scope="col" class="right">
          Took
        </th>
        <th scope="col">Job</th>
      </tr>
    </thead>
    <tbody>
      {rows.map((period) => (
        <tr key={`${period.job_uid} ${period.at} ${period.begin}`} data-period={period.end}>
          <td data-label="Number" class="right number">
            {period.number ?? <span class="quiet">–</span>}
          </td>
          <td data-label="Model time" class="number text">
            {dateOf(period.begin)} to {dateOf(period.end)}
          </td>
          <td data-label="Began">
            <Moment at={period.at} />
          </td>
          <td data-label="Took" class="right number">
            {period.took === null ? <span class="quiet">–</span> : duration(period.took)}
          </td>
          <td data-label="Job" class="text">
            <JobOf store={store} uid={period.job_uid} />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

function JobOf({ store, uid }: { store: RunStore; uid: string }) {
  const job = store.content.value.jobs.get(uid);
  return job ? <JobLink job={job}>{jobTitle(job)}</JobLink> : <code class="text">{uid.slice(0, 8)}</code>;
}

const dateOf = (text: string): string => {
  const date = parseModelDate(text);
  return date ? dateText(date) : text;
};
