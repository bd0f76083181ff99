/** The body of a message as JSON, its packed fields readable. */

import { useMemo, useState } from "preact/hooks";
import { size } from "../../logic/formats";
import { CopyButton } from "../../ui/copy-button";
import { hiddenText } from "./base64";
import { tokensOf } from "./json-tokens";

/** Characters of one packed value that are shown as they are. */
const LONG = 2_000;

export function BodyView({ body }: { body: Record<string, unknown> }) {
  const hidden = useMemo(() => Object.entries(body).flatMap(([name, value]) => hiddenOf(name, value)), [body]);
  return (
    <>
      <pre class="code-block json" tabIndex={0} aria-label="The body as JSON">
        {tokensOf(shortened(body)).map((token, index) => (
          <span key={index} class={`json-${token.kind}`}>
            {token.text}
          </span>
        ))}
      </pre>
      {hidden.map(([name, text]) => (
        <Hidden key={name} name={name} text={text} />
      ))}
    </>
  );
}

function hiddenOf(name: string, value: unknown): [string, string][] {
  const text = hiddenText(value);
  return text === null ? [] : [[name, text]];
}

/** Long values are told by their beginning: whole they are copied, not read. */
function shortened(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      typeof value === "string" && value.length > LONG ? `${value.slice(0, LONG)}… (${size(value.length)} in all)` : value,
    ]),
  );
}

function Hidden({ name, text }: { name: string; text: string }) {
  const [open, setOpen] = useState(false);
  return (
    <div class="hidden-text">
      <div class="hidden-head">
        <button type="button" class="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Hide" : "Decode"} <span class="clip">{name}</span>
        </button>
        <span class="small quiet">base64, {size(text.length)} of text</span>
        {open && <CopyButton text={text} label={`Copy what ${name} says`} />}
      </div>
      {open && (
        <pre class="code-block" tabIndex={0} aria-label={`What ${name} says`}>
          {text}
        </pre>
      )}
    </div>
  );
}
