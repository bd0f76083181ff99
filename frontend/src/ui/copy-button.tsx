/** Puts a text on the clipboard, and says so. */

import { useEffect, useState } from "preact/hooks";
import { Icon } from "./icon";

interface Props {
  text: string;
  /** What is copied: `Copy the uid`. */
  label: string;
  /** Shown beside the drawing; without it the drawing stands alone. */
  words?: string;
}

export function CopyButton({ text, label, words }: Props) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (!said) return;
    const timer = window.setTimeout(() => setSaid(""), 2_000);
    return () => window.clearTimeout(timer);
  }, [said]);
  const press = () =>
    void copy(text).then(
      () => setSaid("Copied"),
      () => setSaid("Not allowed"),
    );
  const shown = said || words;
  return (
    <button type="button" class={`button copy ${words ? "" : "bare small-button"}`} onClick={press} aria-label={label} title={label}>
      <Icon name={said === "Copied" ? "tick" : "copy"} />
      {shown && <span aria-live="polite">{shown}</span>}
    </button>
  );
}

async function copy(text: string): Promise<void> {
  // Outside of localhost and https there is no clipboard but this old way.
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("the browser refused");
}
