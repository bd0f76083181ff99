/** One dead letter in the list: a row of the table, a card on a phone. */

import { useMemo } from "preact/hooks";
import { orDash, size } from "../../logic/formats";
import { addressWith, go } from "../../state/location";
import { Link } from "../../ui/link";
import { Ago } from "../../ui/when";
import { bytesOf, hintOf } from "./content";
import type { Row } from "./list";
import { doorWord, meaningOf, placeOf, positionWord, stageMeaning, stageWord } from "./reasons";
import { mark, marked } from "./store";

export function LetterRow({ row }: { row: Row }) {
  const { letter, dropped, changes } = row;
  const { words } = meaningOf(letter.reason);
  const address = addressWith({ letter: letter.id });
  const opened = (event: MouseEvent) => {
    const on = event.target as Element;
    if (!on.closest("a, button, input, label") && !window.getSelection()?.toString()) go(address);
  };
  const chosen = marked.value.has(letter.id);
  return (
    <tr
      class={`letter${dropped ? " dropped" : ""}${chosen ? " chosen" : ""}`}
      onClick={opened}
      data-letter={letter.id}
      data-state={dropped ? "dropped" : letter.resent_at ? "resent" : "waiting"}
    >
      <td class="at-mark">
        <input
          type="checkbox"
          aria-label={`Select: ${words}, ${placeOf(letter.reason)}`}
          checked={chosen && !dropped}
          disabled={dropped}
          onChange={(event) => mark([letter.id], event.currentTarget.checked)}
        />
      </td>
      <td class="at-when number">
        <Ago at={letter.at} />
      </td>
      <td class="at-reason">
        <Link to={address} class="reason">
          <span class="clip">{words}</span>
          {placeOf(letter.reason) && <code class="clip">{placeOf(letter.reason)}</code>}
        </Link>
        <Preview base64={letter.bytes} />
      </td>
      <td class="at-stage" data-label="Stage" title={stageMeaning(letter.stage)}>
        {stageWord(letter.stage)}
      </td>
      <td class="at-door" data-label="Door">
        {doorWord(letter.door)}
      </td>
      <td class="at-mail" data-label="Mail">
        <Whence mail={letter.mail} door={letter.door} position={letter.position} />
      </td>
      <td class="at-code number" data-label="Code">
        <span class="clip">{orDash(letter.code)}</span>
      </td>
      <td class="at-app" data-label="App">
        <span class="clip">{orDash(letter.app)}</span>
      </td>
      <td class="at-size number right" data-label="Size">
        {size(letter.size)}
      </td>
      <td class="at-resent" key={changes}>
        <Fate row={row} />
      </td>
    </tr>
  );
}

function Preview({ base64 }: { base64: string }) {
  const hint = useMemo(() => hintOf(bytesOf(base64)), [base64]);
  return <span class="preview clip mono quiet">{hint || "nothing"}</span>;
}

function Whence({ mail, door, position }: { mail: string | null; door: string; position: number | null }) {
  if (mail === null && position === null) return <span class="quiet">–</span>;
  return (
    <span class="whence">
      {mail !== null && (
        <Link to={`/platform?mail=${encodeURIComponent(mail)}`} class="mono" title={`Mail ${mail}`}>
          {mail.slice(0, 8)}
        </Link>
      )}
      {position !== null && (
        <span class="quiet number" title={`${positionWord(door, mail)} ${position}`}>
          #{position}
        </span>
      )}
    </span>
  );
}

/** What became of it, beside its word a shape. */
export function Fate({ row: { letter, dropped, changes } }: { row: Row }) {
  const flash = changes ? " changed" : "";
  if (dropped) return <span class={`fate is-queued${flash}`}>dropped</span>;
  if (letter.resent_at === null) return <span class={`fate is-late${flash}`}>waiting</span>;
  return (
    <span class={`fate is-complete${flash}`}>
      resent <Ago at={letter.resent_at} />
    </span>
  );
}
