/** JSON as pieces to be coloured: joined again, they are the text. */

export interface Token {
  kind: "name" | "text" | "value" | "mark";
  text: string;
}

/** A string with a colon after it is a name. */
const PIECE = /("(?:[^"\\]|\\.)*")(\s*:)?|([^\s",:[\]{}]+)|[\s,:[\]{}]+/gs;

export function tokensOf(value: unknown): Token[] {
  const tokens: Token[] = [];
  const add = (kind: Token["kind"], text: string) => {
    const last = tokens.at(-1);
    if (last?.kind === kind && kind === "mark") last.text += text;
    else tokens.push({ kind, text });
  };
  for (const [all, string, colon, plain] of JSON.stringify(value, null, 2).matchAll(PIECE)) {
    if (string === undefined) add(plain === undefined ? "mark" : "value", all);
    else {
      add(colon ? "name" : "text", string);
      if (colon) add("mark", colon);
    }
  }
  return tokens;
}
