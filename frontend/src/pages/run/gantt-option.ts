/** The options of the chart of jobs. */

import type { EChartsCoreOption } from "echarts/core";
import type { Palette } from "../../charts/palette";
import { TICKS } from "../../charts/ticks";
import { plain } from "../../charts/plain";
import { cut, duration, moment } from "../../logic/formats";
import type { Bar, Gantt } from "./gantt";
import { type Box, barShape, type Shape } from "./gantt-shapes";
import { jobPhrase, jobSeconds } from "./job-words";
import type { ModelSpan } from "./model-spans";

/** Pixels. */
export const LANE = 26;
const TOP = 30;
const BOTTOM = 74;
const BAR = 18;

export interface Scene {
  gantt: Gantt;
  spans: readonly ModelSpan[];
  /** When commands failed, by job: milliseconds. */
  failures: ReadonlyMap<string, readonly number[]>;
  now: number;
  utc: boolean;
  narrow: boolean;
  palette: Palette;
  /** What the reader has zoomed to: milliseconds. */
  window: readonly [from: number, to: number] | null;
}

export const heightOf = ({ gantt, spans }: Pick<Scene, "gantt" | "spans">): number =>
  TOP + BOTTOM + LANE * Math.max(1, gantt.lanes.length + (spans.length ? 1 : 0));

export function ganttOption(scene: Scene): EChartsCoreOption {
  const { gantt, palette, spans } = scene;
  // The model's own time is the first lane, if it is known.
  const shift = spans.length ? 1 : 0;
  const margin = Math.max(1000, (gantt.to - gantt.from) * 0.015);
  return {
    animation: false,
    useUTC: scene.utc,
    textStyle: { fontFamily: palette.font },
    grid: { left: scene.narrow ? 84 : 148, right: 22, top: TOP, bottom: BOTTOM },
    xAxis: timeAxis(palette, gantt.from - margin, gantt.to + margin),
    yAxis: lanes(scene, shift),
    dataZoom: zoom(scene),
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: palette.surface,
      borderColor: palette["line-strong"],
      textStyle: { color: palette.ink, fontSize: 12, fontFamily: palette.font, lineHeight: 18 },
      formatter: (at: { seriesId?: string; dataIndex: number }) => tooltip(scene, at),
    },
    series: [modelSeries(scene), jobSeries(scene, shift)],
  };
}

const timeAxis = (palette: Palette, min: number, max: number) => ({
  type: "time",
  position: "top",
  min,
  max,
  axisLine: { lineStyle: { color: palette["line-strong"] } },
  axisTick: { lineStyle: { color: palette["line-strong"] } },
  axisLabel: { color: palette["ink-3"], fontSize: 11, hideOverlap: true, formatter: TICKS },
  splitLine: { show: true, lineStyle: { color: palette.line } },
});

function lanes({ gantt, palette, narrow }: Scene, shift: number) {
  const names = gantt.lanes.map((lane) => (lane.first ? lane.label : ""));
  return {
    type: "category",
    inverse: true,
    data: Array.from({ length: Math.max(1, names.length + shift) }, (_, index) => index),
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { show: true, lineStyle: { color: palette.line, opacity: 0.6 } },
    axisLabel: {
      color: palette["ink-2"],
      fontSize: 11,
      fontWeight: 540,
      interval: 0,
      formatter: (_: string, index: number) =>
        shift && index === 0 ? "model time" : plain(cut(names[index - shift] ?? "", narrow ? 11 : 20)),
    },
  };
}

function zoom({ palette, window }: Scene) {
  const range = window ? { startValue: window[0], endValue: window[1] } : { start: 0, end: 100 };
  const both = { filterMode: "none", minValueSpan: 2_000, ...range };
  return [
    { ...both, id: "wheel", type: "inside", zoomOnMouseWheel: true, moveOnMouseMove: true, moveOnMouseWheel: false },
    {
      ...both,
      id: "slider",
      type: "slider",
      height: 22,
      bottom: 14,
      borderColor: palette.line,
      backgroundColor: palette.sunken,
      fillerColor: `${palette.accent}2e`,
      handleStyle: { color: palette.surface, borderColor: palette.accent },
      moveHandleStyle: { color: palette.accent, opacity: 0.5 },
      emphasis: { handleStyle: { borderColor: palette.accent } },
      showDataShadow: false,
      brushSelect: false,
      labelFormatter: "",
    },
  ];
}

interface Renderer {
  coord(value: [number, number]): [number, number];
}

interface Params {
  dataIndex: number;
  coordSys: { x: number; y: number; width: number; height: number };
}

/** The box of a stretch of time in a lane, cut to what is seen; null: it is not seen. */
function boxOf(api: Renderer, area: Params["coordSys"], from: number, to: number, lane: number, height: number): Box | null {
  const [left, middle] = api.coord([from, lane]);
  const [right] = api.coord([to, lane]);
  const x = Math.max(left, area.x);
  // A job of seconds in a run of months is a stroke, but it is there.
  const end = Math.min(Math.max(right, left + 3), area.x + area.width);
  if (end <= x && !(left >= area.x && left <= area.x + area.width)) return null;
  return { x, y: middle - height / 2, width: Math.max(1, end - x), height };
}

function jobSeries(scene: Scene, shift: number) {
  const { gantt, failures, palette, now } = scene;
  return {
    id: "jobs",
    type: "custom",
    clip: true,
    encode: { x: [0, 1], y: 2 },
    data: gantt.bars.map((bar) => [bar.from, bar.to, bar.lane + shift]),
    renderItem: (params: Params, api: Renderer): Shape | null => {
      const bar = gantt.bars[params.dataIndex];
      const box = bar && boxOf(api, params.coordSys, bar.from, bar.to, bar.lane + shift, BAR);
      if (!bar || !box) return null;
      const marks = (failures.get(bar.job.uid) ?? []).map((at) => api.coord([at, bar.lane + shift])[0]);
      const { x, width } = params.coordSys;
      return barShape(bar, box, marks.filter((at) => at >= x && at <= x + width), palette);
    },
    markLine: {
      silent: true,
      symbol: "none",
      animation: false,
      data: [{ xAxis: now }],
      lineStyle: { color: palette.accent, type: "solid", width: 1.5 },
      label: { formatter: "now", color: palette.accent, fontSize: 11, position: "start", distance: 2 },
    },
  };
}

function modelSeries({ spans, palette }: Scene) {
  return {
    id: "model",
    type: "custom",
    clip: true,
    encode: { x: [0, 1], y: 2 },
    data: spans.map((span) => [span.from, span.to, 0]),
    renderItem: (params: Params, api: Renderer): Shape | null => {
      const index = params.dataIndex;
      const span = spans[index];
      const box = span && boxOf(api, params.coordSys, span.from, span.to, 0, BAR);
      if (!span || !box) return null;
      const ground = { type: "rect", shape: { ...box }, style: { fill: index % 2 ? palette["accent-soft"] : palette.sunken } };
      const every = labelledEvery(spans, api);
      const room = params.coordSys.x + params.coordSys.width - box.x;
      const said = index % every === 0 && room > widthOf(span.label) && (every > 1 || box.width >= widthOf(span.label));
      // Above the grounds of those that follow, over which it may reach.
      return { type: "group", children: said ? [ground, { ...spanLabel(span, box, palette), z2: 10 }] : [ground] };
    },
  };
}

/** Pixels. */
const widthOf = (label: string): number => label.length * 6.6 + 6;

/** Every how many of the spans has room for its label. */
function labelledEvery(spans: readonly ModelSpan[], api: Renderer): number {
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last) return 1;
  const each = (api.coord([last.to, 0])[0] - api.coord([first.from, 0])[0]) / spans.length;
  return Math.max(1, Math.ceil((widthOf(first.label) + 4) / Math.max(each, 0.01)));
}

const spanLabel = (span: ModelSpan, box: Box, palette: Palette): Shape => ({
  type: "text",
  silent: true,
  style: {
    text: span.label,
    fill: palette["ink-2"],
    font: `11px ${palette.font}`,
    x: box.x + 4,
    y: box.y + box.height / 2,
    verticalAlign: "middle",
  },
});

function tooltip(scene: Scene, at: { seriesId?: string; dataIndex: number }): string {
  if (at.seriesId === "model") {
    const span = scene.spans[at.dataIndex];
    return span ? `model time ${span.label}\nfrom ${time(span.from, scene)} to ${time(span.to, scene)}` : "";
  }
  const bar = scene.gantt.bars[at.dataIndex];
  return bar ? barWords(bar, scene) : "";
}

function barWords({ job, open }: Bar, scene: Scene): string {
  const seconds = jobSeconds(job, scene.now);
  const { component, dimension, file } = job.post_processing;
  const lines = [
    jobPhrase(job),
    `${job.state}${seconds === null ? "" : `, ${open ? "for" : "after"} ${duration(seconds)}`}`,
    job.started_at ? `start ${moment(job.started_at, scene.utc)}` : "its start was not told",
    job.ended_at && `end ${moment(job.ended_at, scene.utc)}`,
    job.state === "late" && job.late_at && `late since ${moment(job.late_at, scene.utc)}`,
    job.failed_commands > 0 && `${job.failed_commands} failed ${job.failed_commands === 1 ? "command" : "commands"}`,
    job.scheduler_id && `scheduler id ${job.scheduler_id}`,
    [component, dimension, file].filter(Boolean).join(" · "),
  ];
  return lines.filter(Boolean).map((line) => plain(cut(line as string, 64))).join("\n");
}

const time = (at: number, { utc }: Scene): string => moment(new Date(at).toISOString(), utc);
