import { describe, expect, test } from "vitest";
import type { Mail } from "../../api/types";
import { mailsOf, messagesIn, release, told } from "./mails";

const mail = (id: string, more: Partial<Mail> = {}): Mail => ({
  id,
  at: "2026-03-01T12:00:00Z",
  door: "smtp",
  sender: "jobs@centre.example",
  size: 900,
  sent_at: null,
  messages: { "1000": 2, "1001": 40 },
  repairs: 0,
  dead: 0,
  receipts: 1,
  latency: 0.5,
  ...more,
});
let seq = 0;
const says = (data: Mail | null, uid = data?.id ?? "") => ({ seq: ++seq, type: "mail", at: "", uid, data });
const shown = (cursor: string | null = null) => mailsOf(cursor, { items: [mail("b"), mail("a")], next: "n", total: 9 });

describe("a mail that comes", () => {
  test("is at the top, and counted", () => {
    const mails = told(shown(), [says(mail("c")), says(mail("d"))], false);
    expect([mails.items.map(({ id }) => id), mails.total]).toEqual([["d", "c", "b", "a"], 11]);
  });
  test("waits while somebody reads, or beside a later page", () => {
    expect(told(shown(), [says(mail("c"))], true)).toMatchObject({ held: [{ id: "c" }], total: 10 });
    expect(told(shown("x"), [says(mail("c"))], false).held).toHaveLength(1);
  });
  test("again changes where it stands", () => {
    const mails = told(shown(), [says(mail("a", { receipts: 2 })), says(mail("old", { receipts: 3 }))], false);
    expect(mails.items.map(({ id, receipts }) => [id, receipts])).toEqual([
      ["b", 1],
      ["a", 2],
    ]);
    expect(mails.total).toBe(9);
  });
  test("without its data, and events of other things, are none of ours", () => {
    const mails = shown();
    expect(told(mails, [says(null, "z"), { ...says(mail("q")), type: "job" }], false)).toBe(mails);
  });
});

test("ten thousand at once are not ten thousand rows", () => {
  const events = Array.from({ length: 10_000 }, (_, i) => says(mail(`m${i}`)));
  const mails = told(shown(), events, false);
  expect([mails.items.length, mails.items[0]?.id, mails.total, mails.next]).toEqual([100, "m9999", 10_009, null]);
  expect(release(mails)).toBe(mails);
});

test("messages of a mail", () => expect(messagesIn(mail("a"))).toBe(42));
