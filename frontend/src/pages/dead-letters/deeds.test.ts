import { describe, expect, test } from "vitest";
import { Problem } from "../../api/http";
import { type Account, carryOut, type Deed, summary } from "./deeds";

const never = new AbortController().signal;

function act(answers: Record<string, string | null | Problem>) {
  return async (id: string): Promise<string | null> => {
    const answer = answers[id] ?? null;
    if (answer instanceof Problem) throw answer;
    return answer;
  };
}

const run = (deed: Deed, answers: Record<string, string | null | Problem>, signal = never): Promise<Account> =>
  carryOut(deed, Object.keys(answers), act(answers), () => undefined, signal);

const refused = (reason: string, detail = "why") => new Problem(422, "Unprocessable", detail, { reason });

describe("resending", () => {
  test("all accepted", async () => {
    const account = await run("resend", { a: "T1", b: "T2" });
    expect(account.outcomes).toEqual([
      { id: "a", done: true, at: "T1" },
      { id: "b", done: true, at: "T2" },
    ]);
    expect(summary(account)).toEqual({ tone: "good", text: "2 accepted.", detail: "" });
  });

  test("one refused again, with the reason and the detail", async () => {
    const account = await run("resend", { a: refused("missing-fields: jobuid", "jobuid is needed") });
    expect(summary(account)).toEqual({
      tone: "bad",
      text: "1 refused again: missing-fields: jobuid.",
      detail: "jobuid is needed",
    });
  });

  test("some refused: counted by reason", async () => {
    const account = await run("resend", { a: "T", b: refused("not-json: byte 3"), c: refused("not-json: byte 9"), d: refused("nul") });
    expect(summary(account)).toMatchObject({ tone: "mixed", text: "1 accepted, 3 refused again: not-json (2), nul (1)." });
  });
});

test("dropping: one may be gone already", async () => {
  const account = await run("drop", { a: null, b: new Problem(404, "Not Found", "there is no such dead letter") });
  expect(summary(account)).toEqual({ tone: "good", text: "1 dropped, 1 was gone already.", detail: "" });
});

test("not allowed: it ends at once, and says which scope is needed", async () => {
  const account = await run("drop", { a: new Problem(403, "Forbidden", "scope"), b: null, c: null });
  expect(account.outcomes).toEqual([]);
  expect(summary(account)).toMatchObject({ tone: "bad", text: "Not allowed, 3 are untouched." });
  expect(summary(account).detail).toContain("operate");
});

test("no answer: the rest is left as it is", async () => {
  const account = await run("resend", { a: "T", b: new Problem(0, "No answer", "later"), c: "T" });
  expect(summary(account)).toEqual({ tone: "bad", text: "1 accepted, no answer, 2 are untouched.", detail: "later" });
});

test("stopped by hand, between two", async () => {
  const stop = new AbortController();
  const seen: number[] = [];
  const account = await carryOut(
    "drop",
    ["a", "b", "c"],
    async () => null,
    ({ outcomes }) => {
      seen.push(outcomes.length);
      stop.abort();
    },
    stop.signal,
  );
  expect(seen).toEqual([1, 1]);
  expect(summary(account).text).toBe("1 dropped, stopped, 2 are untouched.");
});

test("an error of the page itself is told as one", async () => {
  const account = await carryOut("drop", ["a"], () => Promise.reject(new TypeError("x")), () => undefined, never);
  expect(summary(account).text).toBe("1 refused again: Something went wrong.");
});
