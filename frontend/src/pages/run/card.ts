/** A config card as lines, each for what it is. */

export type Line =
  | { kind: "section"; text: string; name: string }
  | { kind: "comment"; text: string }
  | { kind: "entry"; key: string; mark: string; value: string }
  | { kind: "plain"; text: string };

/** The lines of a card, none lost: joined again, they are the card. */
export function linesOf(card: string): Line[] {
  return card.replace(/\r?\n$/, "").split(/\r?\n/).map(lineOf);
}

function lineOf(text: string): Line {
  const section = /^\s*\[([^\]]*)\]\s*$/.exec(text);
  if (section) return { kind: "section", text, name: section[1] ?? "" };
  if (/^\s*[#;]/.test(text)) return { kind: "comment", text };
  const equals = text.indexOf("=");
  const key = text.slice(0, Math.max(0, equals)).trimEnd();
  if (!key.trim()) return { kind: "plain", text };
  const value = text.slice(equals + 1).trimStart();
  return { kind: "entry", key, mark: text.slice(key.length, text.length - value.length), value };
}

export interface Section {
  name: string;
  /** Its place among the lines. */
  line: number;
}

export const sectionsOf = (lines: readonly Line[]): Section[] =>
  lines.flatMap((line, index) => (line.kind === "section" ? [{ name: line.name, line: index }] : []));

/** A name to keep the card under; what no file system likes is left out. */
export function cardFile(run: { name: string | null; uid: string }): string {
  const safe = (run.name ?? "").replace(/[^A-Za-z0-9._-]+/g, "_").replace(/^[._]+/, "").slice(0, 80);
  return `${safe || run.uid}.config.card`;
}
