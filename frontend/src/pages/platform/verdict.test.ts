import { describe, expect, test } from "vitest";
import type { Queue, Stats } from "../../api/types";
import { appOf, paceOf, takerOf, titleOf } from "./queues";
import { type Signs, verdictOf } from "./verdict";

const queue = (name: string, more: Partial<Queue> = {}): Queue => ({
  name: `prod.${name}`,
  ready: 0,
  unacked: 0,
  consumers: 1,
  oldest_age: null,
  ...more,
});
const stats = (queues: Queue[], spool = 0): Stats => ({ queues, spool, rates: {}, latency: {}, counts: {}, version: "" });
const signs = (more: Partial<Signs> = {}): Signs => ({
  checks: { broker: "ok", database: "ok", smtp: "ok", "app archive": "ok" },
  stats: stats([queue("archive"), queue("dead")]),
  silent: false,
  spooledFor: 0,
  ...more,
});

describe("well", () => {
  test("all checks pass, all queues are attended", () => {
    expect(verdictOf(signs())).toEqual({ tone: "good", title: "All well", findings: [] });
  });
  test("by what is heard, where one of the two is not", () => {
    expect(verdictOf(signs({ checks: null })).tone).toBe("good");
    expect(verdictOf(signs({ stats: null })).tone).toBe("good");
  });
  test("nobody knows before anything is heard", () => {
    expect(verdictOf(signs({ checks: null, stats: null })).tone).toBe("unknown");
  });
  test("messages on their way, and mails that have just come, are no trouble", () => {
    const busy = stats([queue("archive", { ready: 900, unacked: 100, oldest_age: 3 })], 40);
    expect(verdictOf(signs({ stats: busy, spooledFor: 20_000 })).tone).toBe("good");
  });
});

describe("not well", () => {
  test("silent", () => expect(verdictOf(signs({ silent: true }))).toMatchObject({ tone: "bad", title: "The platform does not answer" }));

  test.each([
    ["broker", "locked", "The broker does not answer: locked"],
    ["database", "no room", "The database does not answer: no room"],
    ["smtp", "closed", "The mail door is shut: closed"],
    ["app sim-mon", "halted", "The app sim-mon is not at work: halted"],
    ["clock", "wrong", "The check “clock” fails: wrong"],
    ["constructor", "x", "The check “constructor” fails: x"],
  ])("check %s", (name, why, what) => {
    const verdict = verdictOf(signs({ checks: { database: "ok", [name]: why } }));
    expect(verdict.title).toBe("Not well: 1 thing needs somebody");
    expect(verdict.findings).toMatchObject([{ tone: "bad", what }]);
    expect(verdict.findings[0]?.remedy).toBeTruthy();
  });

  test("an app that is away is told of once", () => {
    const away = signs({
      checks: { "app archive": "ended" },
      stats: stats([queue("archive", { consumers: 0, ready: 5 }), queue("dead", { consumers: 0 })]),
    });
    expect(verdictOf(away).findings).toHaveLength(1);
  });

  test.each([
    [{ consumers: 0 }, "warning", "Nobody takes from the queue of metrics"],
    [{ consumers: 0, ready: 1 }, "bad", "Nobody takes from the queue of metrics: 1 message waits"],
    [{ ready: 1200, oldest_age: 90 }, "warning", "The queue of metrics is behind: 1,200 messages wait, the oldest for 1 min 30 s"],
    [{ unacked: 3, oldest_age: 7200 }, "bad", "The queue of metrics does not move: 3 messages wait, the oldest for 2 h"],
  ] as const)("queue %j", (more, tone, what) => {
    const verdict = verdictOf(signs({ stats: stats([queue("archive"), queue("metrics", more)]) }));
    expect(verdict.findings).toMatchObject([{ tone, what }]);
    expect(verdict.tone).toBe(tone);
  });

  test("mails that wait too long", () => {
    const verdict = verdictOf(signs({ stats: stats([], 1), spooledFor: 61_000 }));
    expect(verdict.findings[0]?.what).toBe("1 mail or body waits in the inbox and is not published");
    expect(verdict.title).toBe("Working, but 1 thing should be looked at");
  });

  test("the worst first", () => {
    const verdict = verdictOf(
      signs({ stats: stats([queue("a", { consumers: 0 }), queue("b", { consumers: 0, ready: 1 })]) }),
    );
    expect(verdict.findings.map(({ tone }) => tone)).toEqual(["bad", "warning"]);
    expect(verdict.title).toBe("Not well: 2 things need somebody");
  });
});

test("names of queues", () => {
  expect(["prod.sim-mon", "prod.dead", "plain"].map(appOf)).toEqual(["sim-mon", "dead", "plain"]);
  expect([titleOf("prod.dead"), takerOf("prod.dead"), takerOf("test.x.y")]).toEqual(["what no app takes", "archive", "x.y"]);
  expect(paceOf(queue("a", { ready: 1, oldest_age: 2 }))).toBe("working");
  expect(paceOf(queue("a"))).toBe("idle");
});
