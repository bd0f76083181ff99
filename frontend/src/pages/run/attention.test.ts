import { expect, test } from "vitest";
import { aHappening, aJob, at, aTool } from "../../../tests/a-run";
import { concerns } from "./attention";

test("the worst comes first: what stopped the run, then other deaths, lateness, failed commands", () => {
  const jobs = [
    aJob("well"),
    aTool("warned", "pack", { failed_commands: 1, state: "complete", ended_at: at(400) }),
    aTool("late", "pack", { state: "late", late_at: at(300) }),
    aTool("died", "pack", { state: "error", ended_at: at(900) }),
    aJob("stopped", { state: "error", ended_at: at(100) }),
  ];
  expect(concerns(jobs, []).map(({ jobUid, level }) => [jobUid, level])).toEqual([
    ["stopped", "error"],
    ["died", "error"],
    ["late", "late"],
    ["warned", "warning"],
  ]);
});

test("of equal ones the newest comes first", () => {
  const dead = (uid: string, seconds: number) => aTool(uid, "pack", { state: "error", ended_at: at(seconds) });
  expect(concerns([dead("a", 1), dead("b", 3), dead("c", 2)], []).map(({ jobUid }) => jobUid)).toEqual(["b", "c", "a"]);
});

test("a job has its failed commands, the last first, and the message of its death", () => {
  const job = aJob("a", { state: "error", ended_at: at(30), failed_commands: 2 });
  const happenings = [
    aHappening("m1", "1900", 10),
    aHappening("m2", "1900", 20),
    aHappening("m3", "1999", 30),
    aHappening("m4", "1900", 20, { job_uid: "b" }),
  ];
  const [concern] = concerns([job], happenings);
  expect(concern?.commands.map((entry) => entry.message_uid)).toEqual(["m2", "m1"]);
  expect(concern?.death?.message_uid).toBe("m3");
});

test("a command of a job that is not known yet is a concern all the same", () => {
  const found = concerns([], [aHappening("m1", "2900", 10, { job_uid: "b" })]);
  expect(found).toMatchObject([{ level: "warning", job: null, jobUid: "b", at: at(10) }]);
});

test("a run without trouble has no concerns", () => {
  expect(concerns([aJob("a", { state: "complete" })], [aHappening("m", "1100", 1)])).toEqual([]);
});
