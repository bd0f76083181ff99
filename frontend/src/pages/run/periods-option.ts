/** The options of the chart of simulated time against the clock. */

import type { EChartsCoreOption } from "echarts/core";
import type { Period } from "../../api/types";
import type { Palette } from "../../charts/palette";
import { TICKS } from "../../charts/ticks";
import { moment } from "../../logic/formats";
import { monthText, parseModelDate, yearsOf } from "./model-time";

interface Scene {
  periods: readonly Period[];
  utc: boolean;
  palette: Palette;
}

/** Each period as a point: when it began, and the model's date then, in years. */
export function points(periods: readonly Period[]): [at: number, years: number][] {
  return periods.flatMap((period): [number, number][] => {
    const date = parseModelDate(period.begin);
    return date ? [[Date.parse(period.at), yearsOf(date)]] : [];
  });
}

export function periodsOption({ periods, utc, palette }: Scene): EChartsCoreOption {
  const line = { lineStyle: { color: palette["line-strong"] } };
  return {
    animation: false,
    useUTC: utc,
    textStyle: { fontFamily: palette.font },
    grid: { left: 64, right: 24, top: 16, bottom: 30 },
    xAxis: {
      type: "time",
      axisLine: line,
      axisTick: line,
      axisLabel: { color: palette["ink-3"], fontSize: 11, hideOverlap: true, formatter: TICKS },
      splitLine: { show: false },
    },
    yAxis: {
      type: "value",
      scale: true,
      axisLabel: { color: palette["ink-3"], fontSize: 11, formatter: monthText },
      splitLine: { lineStyle: { color: palette.line } },
      splitNumber: 4,
    },
    tooltip: {
      renderMode: "richText",
      trigger: "axis",
      confine: true,
      backgroundColor: palette.surface,
      borderColor: palette["line-strong"],
      textStyle: { color: palette.ink, fontSize: 12, fontFamily: palette.font },
      formatter: (at: { value: [number, number] }[]) => words(at[0]?.value, utc),
    },
    series: [
      {
        id: "time",
        type: "line",
        data: points(periods),
        symbol: "circle",
        symbolSize: 5,
        showSymbol: periods.length <= 150,
        sampling: "lttb",
        lineStyle: { color: palette.accent, width: 2 },
        itemStyle: { color: palette.accent },
      },
    ],
  };
}

const words = (value: [number, number] | undefined, utc: boolean): string =>
  value ? `model time ${monthText(value[1])}\nbegan ${moment(new Date(value[0]).toISOString(), utc)}` : "";
