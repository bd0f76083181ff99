/** One message, whole: where it came from, what it says, byte for byte readable. */

import { useEffect, useState } from "preact/hooks";
import { Problem } from "../../api/http";
import type { Message } from "../../api/types";
import { duration } from "../../logic/formats";
import { addressWith } from "../../state/location";
import { CopyButton } from "../../ui/copy-button";
import { Drawer } from "../../ui/drawer";
import { Facts } from "../../ui/facts";
import { Link } from "../../ui/link";
import { Failure } from "../../ui/notice";
import { Moment } from "../../ui/when";
import { BodyView } from "./body-view";
import { flagMeaning } from "./flags";
import { jobPhrase } from "./job-words";
import { JobLink } from "./links";
import { inspecting } from "./place";
import { readMessage } from "./reading";
import { Copied } from "./header";
import type { RunStore } from "./store";

interface Props {
  store: RunStore;
  uid: string;
  close: () => void;
}

export function MessageDrawer({ store, uid, close }: Props) {
  const { items, held } = store.shelf.value;
  const here = [...held, ...items].find((message) => message.uid === uid);
  const [read, setRead] = useState<Message | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (here) return undefined;
    const stop = new AbortController();
    setProblem(null);
    readMessage(uid, stop.signal).then(setRead, (error: unknown) => {
      if (!stop.signal.aborted) setProblem(error instanceof Problem ? error : new Problem(0, "No answer", String(error)));
    });
    return () => stop.abort();
  }, [uid, attempt]);
  const message = here ?? read;
  const title = message ? `${message.code} ${message.name}` : "Message";
  return (
    <Drawer title={title} close={close} footer={message && <Footer message={message} store={store} />}>
      {message ? (
        <Everything message={message} store={store} />
      ) : problem ? (
        <Failure problem={problem} retry={() => setAttempt(attempt + 1)} />
      ) : (
        <p class="quiet">Being read…</p>
      )}
    </Drawer>
  );
}

function Footer({ message, store }: { message: Message; store: RunStore }) {
  const { items } = store.shelf.value;
  const index = items.findIndex((one) => one.uid === message.uid);
  const [newer, older] = index < 0 ? [] : [items[index - 1], items[index + 1]];
  return (
    <>
      <Neighbour message={newer} label="Newer" />
      <Neighbour message={older} label="Older" />
      <span class="run-push" />
      <CopyButton text={JSON.stringify(message.body, null, 2)} label="Copy the body" words="Copy the body" />
    </>
  );
}

const Neighbour = ({ message, label }: { message: Message | undefined; label: string }) =>
  message ? (
    <Link to={addressWith(inspecting("message", message.uid))} class="button">
      {label}
    </Link>
  ) : (
    <button type="button" class="button" disabled>
      {label}
    </button>
  );

function Everything({ message, store }: { message: Message; store: RunStore }) {
  const job = message.job_uid === null ? undefined : store.jobs.value.find((one) => one.uid === message.job_uid);
  const underway = (Date.parse(message.received_at) - Date.parse(message.timestamp)) / 1000;
  return (
    <>
      <Facts
        facts={[
          ["Sent", <Moment at={message.timestamp} />],
          ["Sent, as written", message.timestamp_raw && <code class="text">{message.timestamp_raw}</code>],
          ["Received", <Moment at={message.received_at} />],
          ["Underway", underway >= 0 ? duration(underway) : null],
          ["Code", <code>{message.code}</code>],
          ["Routed as", message.routed_as === message.code ? null : <code>{message.routed_as}</code>],
          ["App", message.app],
          ["Producer", `${message.producer} ${message.producer_version}`],
          ["Dialect", message.dialect],
          ["User", message.user],
          ["Mode", message.mode],
          ["Door", message.door],
          ["Mail", message.mail && <MailLink id={message.mail} />],
          ["Job", job ? <JobLink job={job}>{jobPhrase(job)}</JobLink> : message.job_uid && <code class="text">{message.job_uid}</code>],
          ["Message", <Copied text={message.uid} label="Copy the message's uid" mono />],
        ]}
      />
      {message.flags.map((flag) => (
        <p key={flag} class="flag small">
          <strong class="text">{flag}</strong> {flagMeaning("message", flag)}
        </p>
      ))}
      <h3 class="drawer-part">Body</h3>
      <BodyView body={message.body} />
    </>
  );
}

const MailLink = ({ id }: { id: string }) => (
  <Link to={`/platform?mail=${encodeURIComponent(id)}`}>
    <code class="text">{id}</code>
  </Link>
);
