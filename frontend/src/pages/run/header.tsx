/** Which run it is, how it stands, and how far it has come. */

import type { ComponentChildren } from "preact";
import type { SimulationDetail } from "../../api/types";
import { duration, modelDate } from "../../logic/formats";
import { runAddress } from "../../logic/routes";
import { now } from "../../state/clock";
import { CopyButton } from "../../ui/copy-button";
import { Icon } from "../../ui/icon";
import { Link } from "../../ui/link";
import { Progress } from "../../ui/progress";
import { StateMark } from "../../ui/state-mark";
import { Ago, Moment } from "../../ui/when";
import { Changing } from "./changing";
import { flagMeaning } from "./flags";
import { dateText, parseModelDate, reached } from "./model-time";
import { figure, leftAt, paceOf } from "./pace";
import type { RunStore } from "./store";
import { verdict } from "./verdict";

interface Props {
  store: RunStore;
  run: SimulationDetail;
}

interface HeaderProps extends Props {
  /** On a phone, who it is and where it runs is a press away. */
  narrow: boolean;
}

export const RunHeader = ({ store, run, narrow }: HeaderProps) => (
  <header class="run-head panel">
    <div class="run-title">
      <div class="run-name">
        <p class="run-crumb small">
          <Link to="/">
            <Icon name="left" />
            Runs
          </Link>
        </p>
        <h1 class="text brief" title={run.name ?? undefined}>{run.name ?? <span class="quiet">run without a name</span>}</h1>
        <TryLinks run={run} />
      </div>
      <div class="run-state">
        <Changing value={run.state}>
          <StateMark state={run.state} />
        </Changing>
      </div>
    </div>
    <Verdict store={store} run={run} />
    <ModelTime store={store} run={run} />
    {narrow ? (
      <details class="run-about">
        <summary class="small">About this run</summary>
        <Identity run={run} />
      </details>
    ) : (
      <Identity run={run} />
    )}
    {run.flags.length > 0 && <Flags flags={run.flags} />}
  </header>
);

function TryLinks({ run }: { run: SimulationDetail }) {
  if (run.tries < 2) return null;
  return (
    <p class="run-tries small">
      <span>
        Try {run.try} of {run.tries}
        {run.active ? "" : " (replaced by a later one)"}
      </span>
      {run.all_tries.map((one) =>
        one.uid === run.uid ? (
          <strong key={one.uid} class="run-try" aria-current="true">
            {one.number}
          </strong>
        ) : (
          <Link key={one.uid} to={runAddress(one.uid)} class="run-try" aria-label={`Try ${one.number}, ${one.state}`}>
            {one.number}
          </Link>
        ),
      )}
    </p>
  );
}

function Verdict({ store, run }: Props) {
  const at = reached(run, store.content.value.periods);
  const said = verdict(run, store.jobs.value, store.concerns.value, at?.text ?? null, now.value);
  return (
    <p class={`run-verdict is-${said.tone}`} data-verdict={said.tone}>
      <span class="text">
        {said.words}
        {said.at && (
          <>
            {" "}
            <Ago at={said.at} />
          </>
        )}
        .
      </span>
      {said.besides && <span class="run-besides">{said.besides}</span>}
    </p>
  );
}

function ModelTime({ store, run }: Props) {
  const at = reached(run, store.content.value.periods);
  return (
    <div class="run-progress">
      <Progress share={run.progress} state={run.state} />
      <p class="run-dates number small">
        <span class="clip">{nice(run.output_start)}</span>
        {at && (
          <strong
            style={{ "--share": `${run.progress * 100}%` }}
            title={at.exact ? "The end of the last period that has begun" : "Estimated from the progress"}
          >
            {at.exact ? "" : "about "}
            {at.text}
          </strong>
        )}
        <span class="clip">{nice(run.output_end)}</span>
      </p>
      <Speed store={store} run={run} />
    </div>
  );
}

const nice = (text: string | null): string => {
  const date = parseModelDate(text);
  return date ? dateText(date) : modelDate(text);
};

function Speed({ store, run }: Props) {
  const { periods } = store.content.value;
  const pace = paceOf(periods);
  if (!pace) return null;
  const left = run.state === "running" ? leftAt(pace, run, periods) : null;
  return (
    <p class="run-speed small quiet">
      {figure(pace.yearsPerDay)} simulated years a day
      {left !== null && <>; at this pace done in about <span class="unbroken">{roughly(left)}</span></>}
    </p>
  );
}

/** An estimate has one unit, no more. */
const roughly = (milliseconds: number): string => duration(milliseconds / 1000).split(" ").slice(0, 2).join(" ");

function Identity({ run }: { run: SimulationDetail }) {
  const overdue = run.late_at !== null && Date.parse(run.late_at) < now.value;
  return (
    <>
      <dl class="run-identity">
        <Item name="Machine" value={[run.machine, run.centre].filter(Boolean).join(" · ")} />
        <Item name="Login" value={run.login} />
        <Item name="Model" value={run.model} />
        <Item name="Experiment" value={run.experiment} />
        <Item name="Space" value={run.space} />
        <Item name="Project" value={run.accounting_project} />
        <Item name="Started" value={run.started_at && <Moment at={run.started_at} />} />
        <Item name="Ended" value={run.ended_at && <Moment at={run.ended_at} />} />
        <Item name={overdue ? "Late since" : "Late from"} value={run.late_at && <Moment at={run.late_at} />} />
        <Item name="Last message" value={<Ago at={run.last_message_at} />} />
      </dl>
      <dl class="run-identity run-places">
        <Item name="Run" value={<Copied text={run.uid} label="Copy the uid" mono />} />
        <Item
          name="Submitted in"
          value={run.submission_path && <Copied text={run.submission_path} label="Copy the submission path" mono />}
        />
      </dl>
    </>
  );
}

const Item = ({ name, value }: { name: string; value: ComponentChildren }) =>
  value ? (
    <div>
      <dt>{name}</dt>
      <dd class="text" {...(typeof value === "string" ? { title: value } : {})}>
        {typeof value === "string" ? <span class="brief">{value}</span> : value}
      </dd>
    </div>
  ) : null;

export const Copied = ({ text, label, mono }: { text: string; label: string; mono?: boolean }) => (
  <span class="copied">
    <span class={mono ? "text brief mono" : "text brief"}>{text}</span>
    <CopyButton text={text} label={label} />
  </span>
);

const Flags = ({ flags }: { flags: string[] }) => (
  <ul class="run-flags small">
    {flags.map((flag) => (
      <li key={flag}>
        <strong class="text">{flag}</strong> <span class="quiet">{flagMeaning("run", flag)}</span>
      </li>
    ))}
  </ul>
);
