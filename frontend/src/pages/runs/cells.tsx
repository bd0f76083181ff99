/** What is said of a run, part by part: in a row of the table, or on a card. */

import type { Simulation } from "../../api/types";
import { runAddress } from "../../logic/routes";
import { JobBar, totalOf } from "../../ui/job-bar";
import { Link } from "../../ui/link";
import type { Fate, Part, Row } from "./row";

/** The class of a part that has just changed. Two names in turn, so that it lights up each time. */
export function lit(row: Row, part: Part): string {
  const times = row.changes.value[part] ?? 0;
  if (times === 0) return "";
  return times % 2 ? "lit" : "lit again";
}

export const NameLink = ({ run }: { run: Simulation }) => {
  const name = run.name || run.uid;
  return (
    <Link to={runAddress(run.uid)} class="row-name clip" title={name}>
      {name}
    </Link>
  );
};

/** `model · experiment`, as far as they are known. */
export const Science = ({ run }: { run: Simulation }) => <Pair one={run.model} other={run.experiment} />;

export function Pair({ one, other }: { one: string | null; other: string | null }) {
  const known = [one, other].filter((word): word is string => Boolean(word));
  if (known.length === 0) return <span class="quiet">–</span>;
  return (
    <span class="clip" title={known.join(" · ")}>
      {known.map((word, at) => [at > 0 && " · ", <bdi key={at}>{word}</bdi>])}
    </span>
  );
}

export const Word = ({ word, quiet = false }: { word: string | null; quiet?: boolean }) =>
  word ? (
    <span class={quiet ? "clip quiet small" : "clip"} title={word}>
      <bdi>{word}</bdi>
    </span>
  ) : (
    <span class="quiet">–</span>
  );

const KINDS = [
  ["compute", "compute"],
  ["post_processing", "post"],
  ["checker", "check"],
] as const;

export function Jobs({ run }: { run: Simulation }) {
  const there = KINDS.filter(([kind]) => totalOf(run.jobs[kind]) > 0);
  if (there.length === 0) return <span class="quiet">–</span>;
  return (
    <span class="run-jobs">
      {there.map(([kind, label]) => (
        <span key={kind} class="run-jobs-kind">
          <span class="label">{label}</span>
          <JobBar counts={run.jobs[kind]} />
        </span>
      ))}
    </span>
  );
}

export const Try = ({ run }: { run: Simulation }) => (
  <span class="row-try number">
    {run.tries > 1 ? `${run.try} of ${run.tries}` : run.try}
    {!run.active && (
      <span class="row-tag" title="A later try has taken its place">
        obsolete
      </span>
    )}
  </span>
);

const WORDS: Record<Fate, string> = { shown: "", unmatched: "no longer matches", gone: "deleted" };

/** Why the row stands here although the list would not have it any more. */
export const FateTag = ({ fate }: { fate: Fate }) =>
  fate === "shown" ? null : <span class="row-tag">{WORDS[fate]}</span>;
