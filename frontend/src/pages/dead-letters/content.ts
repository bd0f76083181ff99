/** What the bytes of a dead letter are, made readable: text, figures, and the message in them. */

import { indentJson } from "../../logic/json-indent";

/** Shown at the most: what is longer can be downloaded. */
export const SHOWN = 65_536;

export interface Decoded {
  form: "JSON" | "base64 of JSON" | "base64";
  text: string;
}

export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** As text: what is no UTF-8 and what cannot be seen is shown as a sign. */
export function textOf(bytes: Uint8Array): string {
  const text = new TextDecoder("utf-8").decode(bytes.subarray(0, SHOWN));
  // Control characters have pictures of their own in Unicode; tab and line feed are left.
  return text.replace(/\r\n/g, "\n").replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, picture);
}

const picture = (sign: string): string => (sign === "\u007f" ? "\u2421" : String.fromCharCode(0x2400 + sign.charCodeAt(0)));

const WIDTH = 16;

/** As lines of `00000010  7b 22 6d …  {"msgUID"`. */
export function hexOf(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, SHOWN / 4);
  const lines: string[] = [];
  for (let at = 0; at < shown.length; at += WIDTH) lines.push(hexLine(shown.subarray(at, at + WIDTH), at));
  return lines.join("\n");
}

function hexLine(part: Uint8Array, at: number): string {
  const numbers = Array.from(part, (byte) => byte.toString(16).padStart(2, "0"));
  const halves = [numbers.slice(0, WIDTH / 2).join(" "), numbers.slice(WIDTH / 2).join(" ")].join("  ");
  const letters = Array.from(part, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join("");
  return `${at.toString(16).padStart(8, "0")}  ${halves.padEnd(WIDTH * 3)}  ${letters}`;
}

/** The message that they hold, or what is left of it; null where they are nothing but text. */
export function decoded(bytes: Uint8Array): Decoded | null {
  const text = new TextDecoder("utf-8").decode(bytes).trim();
  const plain = indentJson(text);
  if (plain !== null) return { form: "JSON", text: plain };
  const hidden = unpacked(text);
  if (hidden === null) return null;
  const inner = indentJson(new TextDecoder("utf-8").decode(hidden).trim());
  return inner === null ? { form: "base64", text: textOf(hidden) } : { form: "base64 of JSON", text: inner };
}

/** Shorter ones are words. */
const SHORTEST = 8;

/** What base64 hides; of one that is cut off, as much as is there. */
function unpacked(text: string): Uint8Array | null {
  const packed = text.replace(/\s+/g, "");
  if (packed.length < SHORTEST || !/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) return null;
  const whole = packed.replace(/=+$/, "");
  return bytesOf(whole.slice(0, whole.length - (whole.length % 4 === 1 ? 1 : 0)));
}

const PREVIEW = 160;

/** A line that lets a reader recognise them. */
export function hintOf(bytes: Uint8Array): string {
  const text = decoded(bytes)?.text ?? textOf(bytes);
  return text.slice(0, 4 * PREVIEW).replace(/\s+/g, " ").slice(0, PREVIEW);
}
