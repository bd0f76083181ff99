import { describe, expect, test } from "vitest";
import { aMessage } from "../../../tests/a-run";
import { arrived, emptyShelf, paged, release, restarted, type Shelf } from "./shelf";
import { settle } from "./still";

const all = { code: null, job: null };
const messages = (...uids: string[]) => uids.map((uid) => aMessage(uid));
const page = (next: string | null, ...uids: string[]) => ({ items: messages(...uids), next });
const names = (shelf: Shelf) => [shelf.items.map(({ uid }) => uid).join(""), shelf.held.map(({ uid }) => uid).join("")];

describe("messages that come", () => {
  const read = paged(emptyShelf(all), page("x", "c", "b"));

  test("stand before the others, the newest first", () => {
    expect(names(arrived(read, messages("d", "e"), false))).toEqual(["edcb", ""]);
  });

  test("wait while somebody reads, and come in order", () => {
    const waiting = arrived(arrived(read, messages("d"), true), messages("e", "f"), true);
    expect(names(waiting)).toEqual(["cb", "fed"]);
    expect(names(release(waiting))).toEqual(["fedcb", ""]);
    expect(names(arrived(waiting, messages("g"), false))).toEqual(["gfedcb", ""]);
  });

  test("twice are there once", () => {
    const waiting = arrived(read, messages("d"), true);
    expect(arrived(waiting, messages("d", "c"), true)).toBe(waiting);
    expect(names(arrived(read, messages("d", "d"), true))).toEqual(["cb", "d"]);
  });

  test("that were not asked for do not", () => {
    const shelf = emptyShelf({ code: "1999", job: null });
    expect(arrived(shelf, [aMessage("a", "1001")], false)).toBe(shelf);
    expect(names(arrived(shelf, [aMessage("a", "9999", { routed_as: "1999" })], false))).toEqual(["a", ""]);
    const ofJob = emptyShelf({ code: null, job: "other" });
    expect(arrived(ofJob, messages("a"), false)).toBe(ofJob);
  });
});

describe("pages", () => {
  test("of older ones are added behind", () => {
    const shelf = paged(paged(emptyShelf(all), page("x", "d", "c")), page(null, "c", "b", "a"));
    expect(names(shelf)).toEqual(["dcba", ""]);
    expect(shelf.next).toBeNull();
  });

  test("read anew keep what came by the stream meanwhile", () => {
    const before = arrived(paged(emptyShelf(all), page("x", "c", "b", "a")), messages("d"), false);
    expect(names(restarted(before, page("y", "c", "b")))).toEqual(["dcb", ""]);
    const waiting = arrived(before, messages("e", "f"), true);
    expect(names(restarted(waiting, page("y", "e", "d", "c")))).toEqual(["edc", "f"]);
  });

  test("read anew after a long time stand for all", () => {
    const before = paged(emptyShelf(all), page("x", "b", "a"));
    expect(names(restarted(before, page("y", "z", "w")))).toEqual(["zw", ""]);
  });
});

describe("rows that are read", () => {
  test("keep their order; what is new waits, what is gone goes", () => {
    expect(settle(["a", "b", "c"], ["z", "c", "a"], true)).toEqual({ order: ["a", "c"], waiting: 1 });
  });

  test("are put in order when nobody reads", () => {
    expect(settle(["a", "b"], ["z", "b", "a"], false)).toEqual({ order: ["z", "b", "a"], waiting: 0 });
    expect(settle(null, ["z"], true)).toEqual({ order: ["z"], waiting: 0 });
  });
});
