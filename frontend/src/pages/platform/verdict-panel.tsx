/** The verdict, before everything else. */

import type { JSX } from "preact";
import { Ago } from "../../ui/when";
import { checks, unread, verdict } from "./store";
import type { Tone } from "./verdict";

const STATE: Record<Tone, string> = { good: "is-complete", warning: "is-late", bad: "is-error", unknown: "is-queued" };

const SHAPE: Record<Tone, JSX.Element> = {
  good: <path d="M2.5 8.5l3.6 3.6 7.4-8" />,
  warning: <path d="M8 2.2l6.3 11.3H1.7zM8 6.6v3m0 1.8v.4" />,
  bad: <path d="M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2zM8 4.6v4.2m0 2v.4" />,
  unknown: <circle cx="8" cy="8" r="6" stroke-dasharray="3 2.6" />,
};

export const ToneMark = ({ tone }: { tone: Tone }) => (
  <svg class={`tone ${STATE[tone]}`} viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">
    {SHAPE[tone]}
  </svg>
);

export function VerdictPanel() {
  const { tone, title, findings } = verdict.value;
  return (
    <section class={`panel verdict ${STATE[tone]}`} data-tone={tone} aria-label="Verdict">
      <ToneMark tone={tone} />
      <div role="status">
        <h2>{title}</h2>
        {findings.length > 0 && (
          <ul>
            {findings.map(({ tone, what, remedy }) => (
              <li key={what}>
                <strong class="text">
                  <span class="unseen">{tone === "bad" ? "Trouble: " : "Warning: "}</span>
                  {what}
                </strong>
                <span class="text">{remedy}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
      <Looked />
    </section>
  );
}

function Looked() {
  const last = checks.value;
  if (!last) return null;
  const when = <Ago at={new Date(last.at).toISOString()} />;
  return (
    <p class="looked small quiet">
      {unread.value ? <>The checks cannot be read just now; the last time was {when}</> : <>Checked {when}</>}
    </p>
  );
}
