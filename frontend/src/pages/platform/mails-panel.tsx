/** What came in by mail, newest first. */

import { useEffect, useRef } from "preact/hooks";
import type { Mail } from "../../api/types";
import { count, duration, size } from "../../logic/formats";
import { addressWith, go } from "../../state/location";
import { Link } from "../../ui/link";
import { Failure, Notice } from "../../ui/notice";
import { Ago } from "../../ui/when";
import { type Mails, messagesIn } from "./mails";
import { busy, failure, mails, reading, settle, showNew } from "./store";

export function MailsPanel({ reload }: { reload: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    reading.watch(place.current);
    return () => reading.watch(null);
  }, []);
  const left = () => {
    reading.leave();
    settle();
  };
  const shown = mails.value;
  return (
    <>
      {/* Who goes to what is new has not turned away. */}
      <div ref={place} onPointerEnter={reading.enter} onPointerLeave={left}>
        <NewOnes mails={shown} />
        <section class="panel mails-panel" aria-labelledby="mails-title">
          <header>
            <h2 id="mails-title">Mails</h2>
            {shown && (
              <span class="quiet small number">
                {count(shown.total)}
                {shown.atLeast && " or more"}
              </span>
            )}
          </header>
          <Content mails={shown} reload={reload} />
        </section>
      </div>
      {shown && <Pages mails={shown} />}
    </>
  );
}

function Content({ mails, reload }: { mails: Mails | null; reload: () => void }) {
  if (!mails) {
    if (!failure.value) return <div class="mails-waiting" aria-busy="true" />;
    return <Failure problem={failure.value} retry={reload} />;
  }
  if (!mails.items.length) {
    return (
      <Notice title="No mail has come yet">
        <p>Each mail that the mail door or the mailbox takes is listed here, with what it carried.</p>
      </Notice>
    );
  }
  return <Table mails={mails} />;
}

const Table = ({ mails }: { mails: Mails }) => (
  <table class={`table mails${busy.value ? " awaiting" : ""}`}>
    <caption class="unseen">Mails, newest first</caption>
    <thead>
      <tr>
        <th scope="col">When</th>
        <th scope="col">Sender</th>
        <th scope="col">Messages</th>
        <th scope="col" class="right">Size</th>
        <th scope="col" class="right">Repairs</th>
        <th scope="col" class="right">Dead</th>
        <th scope="col" class="right">Latency</th>
        <th scope="col" class="right">Receipts</th>
      </tr>
    </thead>
    <tbody>
      {mails.items.map((mail) => (
        <MailRow key={mail.id} mail={mail} />
      ))}
    </tbody>
  </table>
);

function MailRow({ mail }: { mail: Mail }) {
  const address = addressWith({ mail: mail.id });
  const opened = (event: MouseEvent) => {
    if (!(event.target as Element).closest("a, button") && !window.getSelection()?.toString()) go(address);
  };
  return (
    <tr onClick={opened} data-mail={mail.id}>
      <td class="at-when number">
        <Ago at={mail.at} />
      </td>
      <td class="at-sender">
        <Link to={address} class="clip" title={mail.sender ?? "without a sender"}>
          {mail.sender || "without a sender"}
        </Link>
      </td>
      <td class="at-messages">
        <Codes messages={mail.messages} total={messagesIn(mail)} />
      </td>
      <td class="at-size right number">{size(mail.size)}</td>
      <td class="at-repairs right number">{mail.repairs ? count(mail.repairs) : <span class="quiet">0</span>}</td>
      <td class="at-dead right number">
        <Dead mail={mail} />
      </td>
      <td class="at-latency right number">{mail.latency === null ? "–" : duration(mail.latency)}</td>
      <td class="at-receipts right number">{count(mail.receipts)}</td>
    </tr>
  );
}

/** Codes that are shown in a row. */
const SHOWN = 4;

function Codes({ messages, total }: { messages: Mail["messages"]; total: number }) {
  const codes = Object.entries(messages).sort(([, a], [, b]) => b - a);
  return (
    <span class="codes">
      <strong class="number">{count(total)}</strong>
      {codes.slice(0, SHOWN).map(([code, number]) => (
        <span key={code} class="code number">
          <span class="clip">{code}</span> ×{count(number)}
        </span>
      ))}
      {codes.length > SHOWN && <span class="quiet small">and {codes.length - SHOWN} more codes</span>}
    </span>
  );
}

export const Dead = ({ mail }: { mail: Mail }) =>
  mail.dead ? (
    <Link to={`/dead-letters?mail=${encodeURIComponent(mail.id)}`} class="dead-link">
      {count(mail.dead)}
      <span class="unseen"> dead letters</span>
    </Link>
  ) : (
    <span class="quiet">0</span>
  );

function NewOnes({ mails }: { mails: Mails | null }) {
  const waiting = mails?.held.length ?? 0;
  return (
    <div class="new-ones" role="status">
      {waiting > 0 &&
        (mails?.newest ? (
          <button type="button" class="button primary pill" onClick={showNew}>
            {count(waiting)} new
          </button>
        ) : (
          <Link class="button primary pill" to={addressWith({ cursor: null })}>
            {count(waiting)} new
          </Link>
        ))}
    </div>
  );
}

const Pages = ({ mails }: { mails: Mails }) => (
  <nav class="paging" aria-label="Pages of the mails">
    <span class="quiet small number">
      {count(mails.items.length)} of {count(mails.total)}
      {mails.atLeast && " or more"}
    </span>
    {!mails.newest && (
      <Link class="button" to={addressWith({ cursor: null })}>
        Newest
      </Link>
    )}
    {mails.next && (
      <Link class="button" to={addressWith({ cursor: mails.next })}>
        Older
      </Link>
    )}
  </nav>
);
