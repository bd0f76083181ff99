/** One mail, looked at closely: what it carried, and where that went. */

import { useEffect, useState } from "preact/hooks";
import { get, isAborted, type Problem, problemFrom } from "../../api/http";
import type { Mail, Message, Page } from "../../api/types";
import { count, duration, exactSize, orDash } from "../../logic/formats";
import { runAddress } from "../../logic/routes";
import { Drawer } from "../../ui/drawer";
import { Facts } from "../../ui/facts";
import { Link } from "../../ui/link";
import { Failure } from "../../ui/notice";
import { Moment } from "../../ui/when";
import { messagesIn } from "./mails";
import { Dead } from "./mails-panel";
import { mails } from "./store";

const LIMIT = 1000;

export function MailDrawer({ id, close }: { id: string; close: () => void }) {
  const shown = [...(mails.value?.held ?? []), ...(mails.value?.items ?? [])].find((mail) => mail.id === id);
  const path = encodeURIComponent(id);
  // A mail that the list has is known; only another one is asked for.
  const asked = useRead<Mail>(shown ? null : `/mails/${path}`);
  const messages = useRead<Page<Message>>(`/messages?mail=${path}&limit=${LIMIT}`);
  const mail = shown ?? asked.value;
  return (
    <Drawer title="Mail" close={close}>
      {mail ? (
        <div class="mail-drawer">
          <MailFacts mail={mail} />
          <CodeTable mail={mail} />
          <Runs messages={messages.value} problem={messages.problem} again={messages.again} />
        </div>
      ) : asked.problem ? (
        <Failure problem={asked.problem} retry={asked.again} />
      ) : (
        <p class="quiet">Loading …</p>
      )}
    </Drawer>
  );
}

/** A resource that is read once; null: none. */
function useRead<T>(path: string | null) {
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const gone = new AbortController();
    setProblem(null);
    if (path !== null) {
      get<T>(path, gone.signal).then(setValue, (error: unknown) => {
        if (!isAborted(error)) setProblem(problemFrom(error));
      });
    }
    return () => gone.abort();
  }, [path, attempt]);
  return { value, problem, again: () => setAttempt(attempt + 1) };
}

const DOORS = new Map([
  ["smtp", "mail"],
  ["imap", "mailbox"],
]);

const MailFacts = ({ mail }: { mail: Mail }) => (
  <Facts
    facts={[
      ["Sender", orDash(mail.sender)],
      ["Came", <Moment at={mail.at} />],
      ["Its own date", mail.sent_at ? <Moment at={mail.sent_at} /> : "none that can be read"],
      ["Latency", mail.latency === null ? "not known" : `${duration(mail.latency)} from its date until all of it was stored`],
      ["Door", DOORS.get(mail.door) ?? mail.door],
      ["Size", exactSize(mail.size)],
      ["Receipts", mail.receipts === 1 ? "1" : `${count(mail.receipts)}: it was sent again, which changes nothing`],
      ["Repairs", mail.repairs ? `${count(mail.repairs)} messages were mended while they were read` : "none"],
      ["Dead letters", <Dead mail={mail} />],
      ["Identity", <span class="mono small">{mail.id}</span>],
    ]}
  />
);

function CodeTable({ mail }: { mail: Mail }) {
  const codes = Object.entries(mail.messages).sort(([, a], [, b]) => b - a);
  return (
    <section>
      <h3>Messages by code: {count(messagesIn(mail))}</h3>
      {codes.length > 0 ? (
        <ul class="codes">
          {codes.map(([code, number]) => (
            <li key={code} class="code number">
              <span class="text">{code}</span> ×{count(number)}
            </li>
          ))}
        </ul>
      ) : (
        <p class="quiet">Nothing in it was a message.</p>
      )}
    </section>
  );
}

interface RunsProps {
  messages: Page<Message> | null;
  problem: Problem | null;
  again: () => void;
}

function Runs({ messages, problem, again }: RunsProps) {
  if (problem) return <Failure problem={problem} retry={again} />;
  if (!messages) return <p class="quiet">Its runs are being read …</p>;
  const runs = new Map<string, number>();
  for (const { simulation_uid: uid } of messages.items) if (uid) runs.set(uid, (runs.get(uid) ?? 0) + 1);
  return (
    <section>
      <h3>Runs that it tells of: {count(runs.size)}{messages.next && " or more"}</h3>
      <ul class="mail-runs">
        {[...runs].map(([uid, number]) => (
          <li key={uid}>
            <Link to={runAddress(uid)} class="mono clip">
              {uid}
            </Link>
            <Link to={runAddress(uid, "messages")} class="small">
              {count(number)} {number === 1 ? "message" : "messages"}
            </Link>
          </li>
        ))}
      </ul>
      {!runs.size && <p class="quiet">None.</p>}
    </section>
  );
}
