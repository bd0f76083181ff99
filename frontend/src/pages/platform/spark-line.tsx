/** A figure's last minutes, as a line beside it. */

import { duration } from "../../logic/formats";
import type { Point } from "./history";
import { HEIGHT, sparkOf, WIDTH } from "./spark";

interface Props {
  points: readonly Point[];
  /** What it shows: `Messages a second`. */
  label: string;
  words: (value: number) => string;
}

export function SparkLine({ points, label, words }: Props) {
  const spark = sparkOf(points);
  const told = spark
    ? `${label}, the last ${duration(spark.span / 1000)}: ${words(spark.least)} to ${words(spark.most)}`
    : `${label}: not known yet`;
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={told}>
      <title>{told}</title>
      {spark && <path class="spark-area" d={spark.area} />}
      {spark && <path class="spark-line" d={spark.line} />}
    </svg>
  );
}
