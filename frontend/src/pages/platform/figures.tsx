/** How fast it works and how much it holds; the lines grow as the stream goes on. */

import type { Stats } from "../../api/types";
import { count, duration } from "../../logic/formats";
import { series } from "./history";
import { SparkLine } from "./spark-line";
import { samples, stats } from "./store";

interface Figure {
  name: string;
  /** As it is called where its line is described. */
  label: string;
  of: (stats: Stats) => number | null | undefined;
  words: (value: number) => string;
  /** Beside the figure. */
  unit?: string;
}

/** 0.04 → `0.04`, 3.21 → `3.2`, 1234.5 → `1,235`. */
const rate = (value: number): string => {
  if (value === 0) return "0";
  if (value < 0.1) return value.toFixed(2);
  return value < 10 ? value.toFixed(1) : count(value);
};

const FIGURES: Figure[] = [
  { name: "Messages", label: "Messages a second", of: ({ rates }) => rates["messages"], words: rate, unit: "/s" },
  { name: "Mails", label: "Mails a second", of: ({ rates }) => rates["mails"], words: rate, unit: "/s" },
  { name: "Dead letters", label: "Dead letters a second", of: ({ rates }) => rates["dead_letters"], words: rate, unit: "/s" },
  { name: "In queues", label: "Messages in queues", of: inQueues, words: count },
  { name: "In the inbox", label: "Mails and bodies not yet published", of: ({ spool }) => spool, words: count },
  { name: "Latency of mails", label: "Seconds from a mail's date until its messages are stored, median of the last 20", of: ({ latency }) => latency["mail_median_s"], words: duration },
];

function inQueues({ queues }: Stats): number {
  return queues.reduce((sum, { ready, unacked }) => sum + ready + unacked, 0);
}

export const Figures = () => (
  <section class="figures" aria-label="Figures">
    {FIGURES.map((figure) => (
      <OneFigure key={figure.name} figure={figure} />
    ))}
  </section>
);

function OneFigure({ figure }: { figure: Figure }) {
  const value = stats.value ? (figure.of(stats.value) ?? null) : null;
  return (
    <div class="panel figure" title={figure.label}>
      <h3>{figure.name}</h3>
      <p class="number" data-figure={figure.name}>
        {value === null ? "–" : figure.words(value)}
        {value !== null && figure.unit && <small> {figure.unit}</small>}
      </p>
      <SparkLine points={series(samples.value, figure.of)} label={figure.label} words={figure.words} />
    </div>
  );
}
