/**
 * A chart of Apache ECharts on a canvas.
 *
 * The library is fetched when the first chart is shown. A canvas tells nothing to whoever cannot
 * see it: beside every chart stands a list or a table that says the same.
 */

import "./charts.css";
import type { EChartsCoreOption, EChartsType } from "echarts/core";
import { useEffect, useRef, useState } from "preact/hooks";

interface Props {
  /** What is drawn, in a sentence. */
  label: string;
  /** Pixels. */
  height: number;
  option: EChartsCoreOption;
  /** Called once with the chart; what it gives back is called when the chart goes. */
  ready?: (chart: EChartsType) => (() => void) | void;
}

type State = "loading" | "drawn" | "failed";

export function Chart({ label, height, option, ready }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const latest = useRef(option);
  latest.current = option;
  const [state, setState] = useState<State>("loading");
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    let leave: (() => void) | null = null;
    let gone = false;
    setState("loading");
    import("./echarts").then(
      ({ echarts }) => {
        if (gone || !place.current) return;
        const drawn = echarts.init(place.current, null, { renderer: "canvas" });
        drawn.setOption(latest.current);
        chart.current = drawn;
        leave = attend(drawn, place.current, ready?.(drawn));
        setState("drawn");
      },
      () => {
        if (!gone) setState("failed");
      },
    );
    return () => {
      gone = true;
      chart.current = null;
      leave?.();
    };
  }, [attempt]);

  useEffect(() => {
    chart.current?.setOption(option);
  }, [option]);

  return (
    <figure class="chart" data-state={state}>
      <div ref={place} class="chart-canvas" style={{ height: `${height}px` }} role="img" aria-label={label} />
      {state === "loading" && <p class="chart-note quiet">Drawing…</p>}
      {state === "failed" && (
        <p class="chart-note">
          The chart could not be fetched. What stands beside it says the same.{" "}
          <button type="button" class="button" onClick={() => setAttempt(attempt + 1)}>
            Try again
          </button>
        </p>
      )}
    </figure>
  );
}

/** Keeps the chart as large as its place; what is given back takes it away. */
function attend(chart: EChartsType, place: HTMLElement, also: (() => void) | void): () => void {
  const watch = new ResizeObserver(() => chart.resize());
  watch.observe(place);
  return () => {
    also?.();
    watch.disconnect();
    chart.dispose();
  };
}
