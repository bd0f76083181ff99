/** The bytes of a letter: the message in them, as text, as figures; to be copied or taken along. */

import { useMemo, useState } from "preact/hooks";
import { count } from "../../logic/formats";
import { CopyButton } from "../../ui/copy-button";
import { Icon } from "../../ui/icon";
import { bytesOf, decoded, hexOf, SHOWN, textOf } from "./content";
import { download } from "./download";

type View = "message" | "text" | "hex";

export function Bytes({ base64, name }: { base64: string; name: string }) {
  const bytes = useMemo(() => bytesOf(base64), [base64]);
  const message = useMemo(() => decoded(bytes), [bytes]);
  const [picked, pick] = useState<View | null>(null);
  const view = picked && (picked !== "message" || message) ? picked : message ? "message" : "text";
  const text = view === "message" ? (message?.text ?? "") : view === "text" ? textOf(bytes) : hexOf(bytes);
  const limit = view === "hex" ? SHOWN / 4 : SHOWN;
  const views: [View, string][] = [
    ["text", "Text"],
    ["hex", "Hex"],
  ];
  if (message) views.unshift(["message", message.form === "JSON" ? "JSON" : "Decoded"]);
  return (
    <div class="bytes">
      <div class="bytes-tools">
        <div class="segments" role="group" aria-label="How the bytes are shown">
          {views.map(([one, words]) => (
            <button key={one} type="button" class="button" aria-pressed={view === one} onClick={() => pick(one)}>
              {words}
            </button>
          ))}
        </div>
        <CopyButton text={text} label="Copy what is shown" words="Copy" />
        <button type="button" class="button" onClick={() => download(bytes, `dead-letter-${name.slice(0, 12)}.bin`)}>
          <Icon name="down" />
          Download
        </button>
      </div>
      <pre class={`code-block ${view === "hex" ? "hex" : ""}`} tabIndex={0} aria-label="Content">
        {text || "nothing"}
      </pre>
      {view !== "message" && bytes.length > limit && (
        <p class="small quiet">The first {count(limit)} bytes are shown; the download has all that is here.</p>
      )}
    </div>
  );
}
