/** The doors, what all of it stands on, and how much is stored. */

import type { ComponentChildren } from "preact";
import { count } from "../../logic/formats";
import { health } from "../../live/health";
import { Link } from "../../ui/link";
import { Ago } from "../../ui/when";
import { checks, mails, stats, unread } from "./store";
import { checkedApp, type Tone } from "./verdict";
import { ToneMark } from "./verdict-panel";

const NAMES = new Map([
  ["smtp", "Mail door"],
  ["imap", "Mailbox"],
  ["broker", "Broker"],
  ["database", "Database"],
]);

export function DoorsPanel() {
  const results = checks.value?.results ?? {};
  const names = Object.keys(results).filter((name) => checkedApp(name) === null);
  const answers = health.value === "live" || (checks.value !== null && unread.value === null);
  return (
    <section class="panel" aria-labelledby="doors-title">
      <header>
        <h2 id="doors-title">Doors and stores</h2>
      </header>
      <ul class="doors">
        {names.includes("smtp") && <OneCheck name="smtp" result={results["smtp"] ?? ""} more={<LastMail />} />}
        <Line tone={answers ? "good" : "bad"} name="HTTP door" words={answers ? "answers" : "does not answer"} />
        {names
          .filter((name) => name !== "smtp")
          .map((name) => (
            <OneCheck key={name} name={name} result={results[name] ?? ""} />
          ))}
      </ul>
      <Stored />
    </section>
  );
}

function OneCheck({ name, result, more }: { name: string; result: string; more?: ComponentChildren }) {
  const good = result === "ok";
  const words = good ? (name === "smtp" ? "open" : "answers") : result;
  return <Line tone={good ? "good" : "bad"} name={NAMES.get(name) ?? name} words={words} more={more} />;
}

interface LineProps {
  tone: Tone;
  name: string;
  words: string;
  more?: ComponentChildren;
}

const Line = ({ tone, name, words, more }: LineProps) => (
  <li data-check={name} data-tone={tone}>
    <ToneMark tone={tone} />
    <strong>{name}</strong>
    <span class="text quiet">{words}</span>
    {more}
  </li>
);

function LastMail() {
  const newest = mails.value?.newest ? (mails.value.held[0] ?? mails.value.items[0]) : undefined;
  if (!newest) return null;
  return (
    <span class="quiet small last">
      last mail <Ago at={newest.at} />
    </span>
  );
}

const KINDS: [kind: string, words: string, address: string | null][] = [
  ["simulations", "Runs", "/?tries=all"],
  ["jobs", "Jobs", null],
  ["messages", "Messages", null],
  ["mails", "Mails", null],
  ["dead_letters", "Dead letters", "/dead-letters"],
];

function Stored() {
  const counts = stats.value?.counts ?? {};
  return (
    <>
      <h3 class="stored-title">Stored</h3>
      <dl class="stored">
        {KINDS.map(([kind, words, address]) => (
          <div key={kind}>
            <dt>{address ? <Link to={address}>{words}</Link> : words}</dt>
            <dd class="number" data-stored={kind}>
              {counts[kind] === undefined ? "–" : count(counts[kind])}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
