/** The chart of jobs with its buttons and the meaning of its shapes. */

import { useComputed, useSignal } from "@preact/signals";
import type { EChartsType } from "echarts/core";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { Chart } from "../../charts/chart";
import { palette } from "../../charts/palette";
import { count } from "../../logic/formats";
import { zone } from "../../state/preferences";
import { narrow } from "../../state/window";
import { Icon } from "../../ui/icon";
import { StateShape } from "../../ui/state-mark";
import { WarningShape } from "./attention-list";
import { gantt } from "./gantt";
import { ganttOption, heightOf } from "./gantt-option";
import { toneOf } from "./happenings";
import { inspect } from "./links";
import { modelSpans } from "./model-spans";
import type { RunStore } from "./store";
import { inState } from "./tallies";

type Window = readonly [from: number, to: number] | null;

export function GanttPanel({ store }: { store: RunStore }) {
  const window = useSignal<Window>(null);
  const picture = useComputed(() => gantt(store.jobs.value, store.hour.value));
  const failures = useComputed(() => failuresOf(store));
  const run = store.run.value;
  const until = run?.ended_at ? Date.parse(run.ended_at) : store.hour.value;
  const spans = modelSpans(store.content.value.periods, until);
  const option = useMemo(
    () =>
      ganttOption({
        gantt: picture.value,
        spans,
        failures: failures.value,
        now: store.hour.value,
        utc: zone.value === "utc",
        narrow: narrow.value,
        palette: palette.value,
        window: window.peek(),
      }),
    [picture.value, failures.value, store.content.value.periods, store.hour.value, zone.value, narrow.value, palette.value],
  );
  const bars = useRef(picture.value.bars);
  bars.current = picture.value.bars;
  const chart = useRef<EChartsType | null>(null);
  const ready = (drawn: EChartsType) => {
    chart.current = drawn;
    drawn.on("click", { seriesId: "jobs" }, (at) => {
      const bar = bars.current[(at as { dataIndex: number }).dataIndex];
      if (bar) inspect("job", bar.job.uid);
    });
    drawn.on("datazoom", () => {
      window.value = windowOf(drawn);
    });
  };
  const { from, to, lanes, bars: all } = picture.value;
  const zoom = (share: number | null) => zoomBy(chart.current, share, window.value ?? [from, to], [from, to]);
  useEffect(() => () => void (chart.current = null), []);
  return (
    <section class="panel" aria-label="Jobs in time">
      <header class="gantt-head">
        <h2>Jobs in time</h2>
        <div class="run-actions">
          <button type="button" class="button icon" aria-label="Zoom in" onClick={() => zoom(0.5)}>
            <Icon name="plus" />
          </button>
          <button type="button" class="button icon" aria-label="Zoom out" onClick={() => zoom(2)}>
            <Icon name="minus" />
          </button>
          <button type="button" class="button" onClick={() => zoom(null)}>
            All
          </button>
        </div>
      </header>
      <Legend />
      <Chart
        label={summary(store, all.length)}
        height={heightOf({ gantt: picture.value, spans })}
        option={option}
        ready={ready}
        key={lanes.length === 0 ? "empty" : "full"}
      />
      <p class="gantt-hint small quiet">
        The wheel zooms, dragging moves, a press on a bar opens its job. The table of jobs and the list below say the
        same in words.
      </p>
    </section>
  );
}

function failuresOf(store: RunStore): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const entry of store.content.value.happenings) {
    if (entry.job_uid === null || toneOf(entry.code) !== "failed") continue;
    found.set(entry.job_uid, [...(found.get(entry.job_uid) ?? []), Date.parse(entry.at)]);
  }
  return found;
}

function summary(store: RunStore, bars: number): string {
  const tallies = store.tallies.value;
  const parts = (["error", "late", "running", "complete"] as const).map((state) => `${inState(tallies, state)} ${state}`);
  return `Chart of ${count(bars)} jobs in time: ${parts.join(", ")}`;
}

function windowOf(chart: EChartsType): Window {
  const option = chart.getOption() as { dataZoom?: { start?: number; end?: number; startValue?: number; endValue?: number }[] };
  const zoom = option.dataZoom?.[0];
  if (!zoom || ((zoom.start ?? 0) <= 0.01 && (zoom.end ?? 100) >= 99.99)) return null;
  return zoom.startValue === undefined || zoom.endValue === undefined ? null : [zoom.startValue, zoom.endValue];
}

function zoomBy(chart: EChartsType | null, share: number | null, now: readonly [number, number], all: readonly [number, number]): void {
  if (!chart) return;
  if (share === null) return chart.dispatchAction({ type: "dataZoom", start: 0, end: 100 });
  const middle = (now[0] + now[1]) / 2;
  const half = ((now[1] - now[0]) / 2) * share;
  const [startValue, endValue] = [Math.max(all[0], middle - half), Math.min(all[1], middle + half)];
  if (startValue <= all[0] && endValue >= all[1]) chart.dispatchAction({ type: "dataZoom", start: 0, end: 100 });
  else chart.dispatchAction({ type: "dataZoom", startValue, endValue });
}

const Legend = () => (
  <ul class="gantt-legend small" aria-label="What the shapes mean">
    {(["complete", "running", "late", "error"] as const).map((state) => (
      <li key={state} class={`is-${state}`}>
        <span class={`gantt-sample sample-${state}`} aria-hidden="true" />
        <StateShape state={state} />
        {state}
      </li>
    ))}
    <li class="is-late">
      <WarningShape />a command failed
    </li>
  </ul>
);
