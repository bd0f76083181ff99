import { describe, expect, test } from "vitest";
import { aJob, at, aTool, noon } from "../../../tests/a-run";
import { choiceOf, listed } from "./job-list";
import { jobSeconds, jobTitle } from "./job-words";

const now = noon + 1_000_000;
const jobs = [
  aJob("a", { started_at: at(0), ended_at: at(10), state: "complete", scheduler_id: "9" }),
  aJob("b", { started_at: at(20), scheduler_id: "10" }),
  aTool("c", "pack_output", { started_at: at(30), ended_at: at(35), state: "error", failed_commands: 3 }),
  aJob("d", { kind: "checker", started_at: null, last_message_at: at(40) }),
];
const list = (query: string) => listed(jobs, choiceOf(new URLSearchParams(query)), now).map(({ uid }) => uid);

describe("the list of jobs", () => {
  test("shows the newest first, and last what has no start", () => {
    expect(list("")).toEqual(["c", "b", "a", "d"]);
    expect(list("sort=started_at")).toEqual(["a", "b", "c", "d"]);
  });

  test("is narrowed by kind, state and text", () => {
    expect(list("kind=compute")).toEqual(["b", "a"]);
    expect(list("state=error")).toEqual(["c"]);
    expect(list("kind=compute&state=error")).toEqual([]);
    expect(list("q=PACK")).toEqual(["c"]);
    expect(list("q=%2010%20")).toEqual(["b"]);
  });

  test("is sorted by what was chosen, numbers as numbers", () => {
    expect(list("sort=state")).toEqual(["c", "d", "b", "a"]);
    expect(list("sort=scheduler_id")).toEqual(["a", "b", "d", "c"]);
    expect(list("sort=-failed_commands")[0]).toBe("c");
    expect(list("sort=-duration").slice(0, 3)).toEqual(["b", "a", "c"]);
  });

  test("takes an address that makes no sense for one that says nothing", () => {
    expect(choiceOf(new URLSearchParams("kind=x&state=y&sort=-z"))).toEqual({
      kind: null,
      state: null,
      q: "",
      sort: "started_at",
      descending: true,
    });
  });
});

test("a job is called by its work, else by its number, else by its uid", () => {
  expect(jobTitle(aTool("c", "pack_output"))).toBe("pack_output 18591231");
  expect(jobTitle(aJob("a", { scheduler_id: "9" }))).toBe("9");
  expect(jobTitle(aJob("0123456789"))).toBe("01234567");
});

test("a job lasts to its end, to now, or nobody knows how long", () => {
  expect(jobSeconds(aJob("a", { ended_at: at(90) }), now)).toBe(90);
  expect(jobSeconds(aJob("a"), noon + 5_000)).toBe(5);
  expect(jobSeconds(aJob("a", { started_at: null }), now)).toBeNull();
  expect(jobSeconds(aJob("a", { ended_at: at(-90) }), now)).toBe(0);
});
