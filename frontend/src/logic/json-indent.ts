/**
 * JSON set out on lines, word for word: numbers keep all their digits and keys that come twice
 * stay, where parsing and writing again would lose them.
 */

const STEP = "  ";
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g;

/** @returns null where the text is no JSON object or array */
export function indentJson(text: string): string | null {
  if (!/^\s*[[{]/.test(text) || !isJson(text)) return null;
  const tokens = text.match(TOKEN) ?? [];
  let depth = 0;
  let out = "";
  tokens.forEach((token, i) => {
    if (token === "{" || token === "[") out += token + (isClosing(tokens[i + 1]) ? "" : line(++depth));
    else if (isClosing(token)) out += (isOpening(tokens[i - 1]) ? "" : line(--depth)) + token;
    else if (token === ",") out += token + line(depth);
    else if (token === ":") out += ": ";
    else out += token;
  });
  return out;
}

const line = (depth: number): string => `\n${STEP.repeat(depth)}`;
const isOpening = (token: string | undefined): boolean => token === "{" || token === "[";
const isClosing = (token: string | undefined): boolean => token === "}" || token === "]";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
