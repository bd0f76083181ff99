import { describe, expect, test } from "vitest";
import { bytesOf, decoded, hexOf, hintOf, SHOWN, textOf } from "./content";

const bytes = (text: string) => new TextEncoder().encode(text);

test("bytes of base64", () => expect([...bytesOf("AP8Q")]).toEqual([0, 255, 16]));

describe("as text", () => {
  test("what cannot be seen is shown as a sign", () => {
    expect(textOf(bytes("a\u0000b\tc\r\nd\u001b[31m\u007f"))).toBe("a␀b\tc\nd␛[31m␡");
  });
  test("what is no UTF-8 is shown as such", () => expect(textOf(new Uint8Array([65, 0xff, 66]))).toBe("A\ufffdB"));
  test("is cut", () => expect(textOf(new Uint8Array(SHOWN + 9).fill(65))).toHaveLength(SHOWN));
});

describe("as figures", () => {
  test("sixteen a line, with the letters beside", () => {
    expect(hexOf(bytes('{"msgUID":"\u00e9"}'))).toBe(
      '00000000  7b 22 6d 73 67 55 49 44  22 3a 22 c3 a9 22 7d     {"msgUID":"··"}',
    );
  });
  test("on several lines", () => {
    const lines = hexOf(new Uint8Array(17)).split("\n");
    expect(lines[1]).toMatch(/^00000010  00 {48}·$/);
  });
  test("nothing", () => expect(hexOf(new Uint8Array())).toBe(""));
});

describe("decoded", () => {
  test("an element of HTTP", () => {
    expect(decoded(bytes('{"msgCode":"1000"}'))).toEqual({ form: "JSON", text: '{\n  "msgCode": "1000"\n}' });
  });
  test("a line of a mail, wrapped or not", () => {
    const line = btoa('{"msgCode":"1000"}');
    const wrapped = `${line.slice(0, 9)}\r\n${line.slice(9)}`;
    for (const text of [line, wrapped]) expect(decoded(bytes(text))?.form).toBe("base64 of JSON");
  });
  test("what is left of a message that is broken, or cut off by the list", () => {
    const line = btoa('{"msgCode":"1000","name":"piControl');
    expect(decoded(bytes(line))).toEqual({ form: "base64", text: '{"msgCode":"1000","name":"piControl' });
    expect(decoded(bytes(line.slice(0, 13)))?.text).toBe('{"msgCode');
    expect(decoded(bytes("//57ALE0"))?.text).toBe("\ufffd\ufffd{\u2400\ufffd4");
  });
  test.each(["", "Dear all,", "{ not json", "AAAA", "=="])("%j is none", (text) => {
    expect(decoded(bytes(text))).toBeNull();
  });
});

test("a hint is one line, and short", () => {
  expect(hintOf(bytes(`{"a":\n1,"b":"${"x".repeat(999)}"}`))).toMatch(/^\{ "a": 1, "b": "x{100,150}$/);
  expect(hintOf(bytes("Dear\tall,\n\nhello"))).toBe("Dear all, hello");
});
