/** The config card of the run. */

import { useMemo } from "preact/hooks";
import { count } from "../../logic/formats";
import { CopyButton } from "../../ui/copy-button";
import { Icon } from "../../ui/icon";
import { Notice } from "../../ui/notice";
import { cardFile, type Line, linesOf, type Section, sectionsOf } from "./card";
import type { RunStore } from "./store";

export function CardTab({ store }: { store: RunStore }) {
  const run = store.run.value;
  const card = run?.config_card ?? null;
  const lines = useMemo(() => (card === null ? [] : linesOf(card)), [card]);
  const sections = useMemo(() => sectionsOf(lines), [lines]);
  if (!run || card === null) {
    return (
      <Notice title="No config card">
        <p>The run's first message came without one.</p>
      </Notice>
    );
  }
  return (
    <div class="panel">
      <header>
        <h2>
          Config card <span class="small quiet">{count(lines.length)} lines</span>
        </h2>
        <div class="run-actions">
          <CopyButton text={card} label="Copy the config card" words="Copy" />
          <button type="button" class="button" onClick={() => download(card, cardFile(run))}>
            <Icon name="save" />
            Download
          </button>
        </div>
      </header>
      <div class="card-body">
        {sections.length > 1 && <SectionList sections={sections} />}
        <pre class="card-text" tabIndex={0} aria-label="The config card">
          {lines.map((line, index) => (
            <CardLine key={index} line={line} index={index} />
          ))}
        </pre>
      </div>
    </div>
  );
}

const SectionList = ({ sections }: { sections: Section[] }) => (
  <nav class="card-sections" aria-label="Sections of the card">
    {sections.map((section) => (
      <button key={section.line} type="button" class="button bare text" onClick={() => reveal(section.line)}>
        {section.name || "(no name)"}
      </button>
    ))}
  </nav>
);

const idOf = (line: number): string => `card-line-${line}`;

function reveal(line: number): void {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  document.getElementById(idOf(line))?.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
}

function CardLine({ line, index }: { line: Line; index: number }) {
  return (
    <span id={idOf(index)} class={`card-line card-${line.kind}`}>
      {line.kind === "entry" ? (
        <>
          <span class="card-key">{line.key}</span>
          {line.mark}
          <span class="card-value">{line.value}</span>
        </>
      ) : (
        line.text
      )}
      {"\n"}
    </span>
  );
}

function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
