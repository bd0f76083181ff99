/** Asks before letters are dropped, and names what is lost. */

import { useEffect, useRef } from "preact/hooks";
import type { DeadLetter } from "../../api/types";
import { count, orDash, size } from "../../logic/formats";
import { Facts } from "../../ui/facts";
import { codeOf, meaningOf } from "./reasons";

interface Props {
  letters: readonly DeadLetter[];
  drop: () => void;
  close: () => void;
}

export function DropDialog({ letters, drop, close }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  const what = letters.length === 1 ? "this dead letter" : `${count(letters.length)} dead letters`;
  const cancelled = (event: Event) => {
    event.preventDefault();
    close();
  };
  return (
    <dialog ref={dialog} class="ask" aria-labelledby="ask-title" onCancel={cancelled}>
      <h2 id="ask-title">Drop {what}?</h2>
      <p>
        {letters.length === 1 ? "Its bytes are" : "Their bytes are"} kept nowhere else: what is dropped cannot be had
        back, neither here nor from the mail that brought it.
      </p>
      {letters.length === 1 && letters[0] ? <One letter={letters[0]} /> : <Several letters={letters} />}
      <footer>
        {/* The first that is focused: a hasty Enter loses nothing. */}
        <button type="button" class="button" onClick={close}>
          Keep
        </button>
        <button type="button" class="button danger solid" onClick={drop}>
          Drop {what}
        </button>
      </footer>
    </dialog>
  );
}

const One = ({ letter }: { letter: DeadLetter }) => (
  <Facts
    facts={[
      ["Reason", `${meaningOf(letter.reason).words} (${letter.reason})`],
      ["Code", letter.code],
      ["App", letter.app],
      ["Mail", letter.mail],
      ["Position", letter.position],
      ["Size", size(letter.size)],
      ["Resent", letter.resent_at ? "yes: it was accepted" : "no: nothing of it has been taken in"],
    ]}
  />
);

function Several({ letters }: { letters: readonly DeadLetter[] }) {
  const waiting = letters.filter((letter) => letter.resent_at === null).length;
  return (
    <Facts
      facts={[
        ["Reasons", tally(letters.map((letter) => meaningOf(codeOf(letter.reason)).words))],
        ["Codes", tally(letters.map((letter) => orDash(letter.code)))],
        ["Mails", count(new Set(letters.map(({ mail }) => mail).filter((mail) => mail !== null)).size)],
        ["Size", size(letters.reduce((sum, letter) => sum + letter.size, 0))],
        ["Never resent", waiting ? `${count(waiting)}: nothing of them has been taken in` : "none"],
      ]}
    />
  );
}

function tally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.map(([word, number]) => `${word} (${count(number)})`).join(", ");
}
