/** Texts that travel as base64 inside a message, made readable. */

const SHORTEST = 16;
const FORM = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * The text that a value hides.
 *
 * @returns null where the value is no base64, or what it hides is not text
 */
export function hiddenText(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const packed = value.replace(/\s+/g, "");
  if (packed.length < SHORTEST || packed.length % 4 === 1 || !FORM.test(packed)) return null;
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.from(atob(packed.replace(/=+$/, "")), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
  return readable(bytes);
}

function readable(bytes: Uint8Array): string | null {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // Cards of before UTF-8 are Latin-1; what is no text at all has control characters.
    text = new TextDecoder("latin1").decode(bytes);
  }
  // eslint-disable-next-line no-control-regex
  return /[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/.test(text) ? null : text;
}
