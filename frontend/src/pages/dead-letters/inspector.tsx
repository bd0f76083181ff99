/** One dead letter, looked at closely: what it is, why it died, what can be done, and its bytes. */

import { useEffect, useState } from "preact/hooks";
import { get, isAborted, type Problem, problemFrom } from "../../api/http";
import type { DeadLetter } from "../../api/types";
import { count, exactSize } from "../../logic/formats";
import { Drawer } from "../../ui/drawer";
import { Facts } from "../../ui/facts";
import { Icon } from "../../ui/icon";
import { Link } from "../../ui/link";
import { Failure } from "../../ui/notice";
import { Moment } from "../../ui/when";
import { Bytes } from "./bytes";
import { Result } from "./deed-bar";
import { Fate } from "./letter-row";
import type { Row } from "./list";
import { doorWord, meaningOf, placeOf, positionWord, stageMeaning, stageWord } from "./reasons";
import { list, perform, running } from "./store";

interface Props {
  id: string;
  close: () => void;
  askDrop: (letters: DeadLetter[]) => void;
}

export function Inspector({ id, close, askDrop }: Props) {
  const row = list.value?.rows.find((one) => one.letter.id === id) ?? null;
  const { letter, problem, again } = useWhole(id, row);
  const { words } = meaningOf(letter?.reason ?? "");
  const busy = running.value !== null;
  const footer = letter && (
    <>
      <button type="button" class="button primary" disabled={busy || row?.dropped} onClick={() => void perform("resend", [id])}>
        <Icon name="again" />
        {letter.resent_at ? "Resend again" : "Resend"}
      </button>
      <button type="button" class="button danger" disabled={busy || row?.dropped} onClick={() => askDrop([letter])}>
        <Icon name="bin" />
        Drop…
      </button>
    </>
  );
  return (
    <Drawer title={letter ? words || "Dead letter" : "Dead letter"} close={close} footer={footer}>
      <div role="status">
        <Result />
      </div>
      {letter ? (
        <Content row={row ?? { letter, dropped: false, changes: 0 }} letter={letter} problem={problem} again={again} />
      ) : problem ? (
        <Failure problem={problem} retry={again} />
      ) : (
        <p class="quiet">Loading …</p>
      )}
    </Drawer>
  );
}

/** The letter with all its bytes; until they are there, or where they cannot be had, what the list knows. */
function useWhole(id: string, row: Row | null) {
  const [whole, setWhole] = useState<DeadLetter | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const gone = new AbortController();
    setWhole(null);
    setProblem(null);
    get<DeadLetter>(`/dead-letters/${encodeURIComponent(id)}`, gone.signal).then(setWhole, (error: unknown) => {
      if (!isAborted(error)) setProblem(problemFrom(error));
    });
    return () => gone.abort();
  }, [id, attempt]);
  const known = row?.letter ?? null;
  // What the list has heard since is newer; the bytes never change.
  const letter = whole && known ? { ...known, bytes: whole.bytes } : (whole ?? known);
  return { letter, problem, again: () => setAttempt(attempt + 1) };
}

interface ContentProps {
  row: Row;
  letter: DeadLetter;
  problem: Problem | null;
  again: () => void;
}

function Content({ row, letter, problem, again }: ContentProps) {
  const { explanation, remedy } = meaningOf(letter.reason);
  const cut = letter.size > held(letter.bytes);
  return (
    <div class="inspector">
      <section class="why">
        <code class="text">{letter.reason}</code>
        <p>{explanation}</p>
        <p>
          <strong>What to do: </strong>
          {remedy}
        </p>
      </section>
      {letter.detail && (
        <section>
          <h3>Detail</h3>
          <pre class="code-block detail" tabIndex={0} aria-label="Detail">
            {letter.detail}
          </pre>
        </section>
      )}
      <Facts
        facts={[
          ["Came", <Moment at={letter.at} />],
          ["State", <Fate row={row} />],
          ["Resent", letter.resent_at && <Moment at={letter.resent_at} />],
          ["Field or place", placeOf(letter.reason)],
          ["Stage", `${stageWord(letter.stage)}: ${stageMeaning(letter.stage)}`],
          ["App", letter.app],
          ["Door", doorWord(letter.door)],
          ["Mail", letter.mail && <MailLinks mail={letter.mail} />],
          [positionWord(letter.door, letter.mail), letter.position],
          ["Code", letter.code && <span class="mono">{letter.code}</span>],
          ["Size", exactSize(letter.size)],
          ["Identifier", <span class="mono small">{letter.id}</span>],
        ]}
      />
      <section>
        <h3>What was sent</h3>
        {cut && (
          <p class="small quiet cut">
            {problem ? (
              <>
                Only its first {count(held(letter.bytes))} bytes are here: {problem.detail}{" "}
                <button type="button" class="button" onClick={again}>
                  Try again
                </button>
              </>
            ) : (
              "Its other bytes are being read …"
            )}
          </p>
        )}
        <Bytes base64={letter.bytes} name={letter.id} />
      </section>
    </div>
  );
}

const MailLinks = ({ mail }: { mail: string }) => (
  <>
    <Link to={`/platform?mail=${encodeURIComponent(mail)}`} class="mono small">
      {mail}
    </Link>{" "}
    <Link to={`/dead-letters?mail=${encodeURIComponent(mail)}`} class="small">
      all its dead letters
    </Link>
  </>
);

/** Bytes that a base64 text stands for. */
const held = (base64: string): number => (base64.length / 4) * 3 - (/=*$/.exec(base64)?.[0].length ?? 0);
