import { expect, test } from "vitest";
import { aHappening, aMessage } from "../../../tests/a-run";
import { commandOf, happeningOf, sentence, toneOf } from "./happenings";

const say = (code: string, body: Record<string, unknown>) => sentence({ routed_as: code, name: "its name", body });

test("the words are those of the platform's timeline", () => {
  expect(say("0000", { name: "X", machine: "irene", centre: "TGCC" })).toBe("simulation X starts on irene (TGCC)");
  expect(say("0000", { name: "null" })).toBe("simulation starts");
  expect(say("1000", { jobSchedulerID: "42" })).toBe("compute job starts, scheduler id 42");
  expect(say("1001", { CumulPeriod: "", PeriodDateBegin: "18500101", PeriodDateEnd: "18500131" })).toBe(
    "period 0 begins: 18500101 to 18500131",
  );
  expect(say("2000", { postProcessingName: "create_ts", postProcessingDate: "18591231" })).toBe(
    "post-processing job starts: create_ts 18591231",
  );
  expect(say("2900", { command: ["a"] })).toBe("command failed in post-processing job");
  expect(say("4242", {})).toBe("its name");
});

test("a transfer says what was moved, as far as it is told", () => {
  expect(say("7000", { actionName: "IGCM_sys_Put_Out", size_Mo: "512.25", duration_ms: "4100" })).toBe(
    "file transfer: IGCM_sys_Put_Out, 512 MB in 4.1 s",
  );
  expect(say("7000", { size_Mo: ".002929" })).toBe("file transfer: 2.9 kB");
  expect(say("7000", { size_Mo: "many" })).toBe("file transfer");
});

test("a sentence has an end", () => {
  const text = say("1900", { command: "x".repeat(2000) });
  expect(text).toHaveLength(500);
  expect(text.endsWith("…")).toBe(true);
});

test("only what belongs to the life of a run has happened to it", () => {
  expect(happeningOf(aMessage("m", "7000", { app: "metrics" }))).toBeNull();
  expect(happeningOf(aMessage("m", "9999", { routed_as: "1999" }))).toMatchObject({ code: "1999", message_uid: "m" });
});

test("what went wrong has a tone of its own", () => {
  expect(["1999", "2999", "3999", "8888"].map(toneOf)).toEqual(["died", "died", "died", "died"]);
  expect(["1900", "2900", "3900"].map(toneOf)).toEqual(["failed", "failed", "failed"]);
  expect(["0000", "1000", "0100", "3100", "1001", "7000"].map(toneOf)).toEqual([
    "start",
    "start",
    "end",
    "end",
    "period",
    "other",
  ]);
});

test("a failed command is what follows the sentence's colon", () => {
  expect(commandOf(aHappening("m", "1900", 0, { text: "command failed in compute job: cp a: b" }))).toBe("cp a: b");
  expect(commandOf(aHappening("m", "1900", 0, { text: "command failed in compute job" }))).toBe(
    "a command that is not named",
  );
});
