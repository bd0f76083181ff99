import { expect, test } from "vitest";
import { indentJson } from "./json-indent";

test.each([
  '{"a":1,"b":[1,2,{"c":null}],"d":{}}',
  "[]",
  '  [ [] , {} , "x" ]  ',
  '{"text":"{[,:]} \\" \\\\ \\u0000","e":-1.5e+30}',
])("%s is set out as JSON.stringify does it", (text) => {
  expect(indentJson(text)).toBe(JSON.stringify(JSON.parse(text), null, 2));
});

test("numbers keep their digits, and keys that come twice stay", () => {
  expect(indentJson('{"id":12345678901234567890,"a":1.10,"a":2}')).toBe(
    '{\n  "id": 12345678901234567890,\n  "a": 1.10,\n  "a": 2\n}',
  );
});

test.each(["", "12", '"text"', "{", "[1,]", "{'a':1}", "[1] [2]"])("%j is none", (text) => {
  expect(indentJson(text)).toBeNull();
});
