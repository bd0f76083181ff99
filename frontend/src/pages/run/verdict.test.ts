import { describe, expect, test } from "vitest";
import { aHappening, aJob, aRun, at, aTool, noon } from "../../../tests/a-run";
import { concerns } from "./attention";
import { verdict } from "./verdict";

const judge = (run: Parameters<typeof aRun>[0], jobs = [aJob("a")], happenings: ReturnType<typeof aHappening>[] = []) =>
  verdict(aRun(run), jobs, concerns(jobs, happenings), "1853-09-28", noon + 600_000);

describe("the verdict", () => {
  test("of a run that died names who, where, when and at which date of the model", () => {
    const job = aJob("a", { state: "error", ended_at: at(300), scheduler_id: "4510021" });
    expect(judge({ state: "error", ended_at: at(300) }, [job])).toMatchObject({
      words: "The compute job 4510021 on irene died at model time 1853-09-28 and the run stopped",
      at: at(300),
      besides: "",
    });
  });

  test("of a late one names the job and since when", () => {
    const job = aJob("a", { state: "late", late_at: at(60), scheduler_id: "7" });
    expect(judge({ state: "late", late_at: at(60) }, [job])).toMatchObject({
      words: "The compute job 7 should have ended",
      at: at(60),
      besides: "",
    });
  });

  test("of a running one says for how long, and when it was heard", () => {
    expect(judge({})).toMatchObject({ words: "Computing for 10 min in this job; last heard", at: at(60) });
  });

  test("of one whose job has just begun counts whole seconds", () => {
    expect(judge({}, [aJob("a", { started_at: at(591.4) })]).words).toContain("for 8 s in this job");
    expect(judge({}, [aJob("a", { started_at: at(599.7) })]).words).toContain("for 1 s in this job");
  });

  test("never hears the future", () => {
    expect(judge({ last_message_at: at(3600) }).at).toBe(at(600));
  });

  test("tells what went wrong besides", () => {
    const jobs = [
      aJob("a", { failed_commands: 1 }),
      aTool("b", "pack", { state: "error", ended_at: at(5) }),
      aTool("c", "pack", { state: "late", late_at: at(5) }),
    ];
    expect(judge({}, jobs).besides).toBe("1 job died, 1 job is late, 1 command failed");
  });

  test("of one that waits says since when", () => {
    const job = aJob("a", { state: "complete", ended_at: at(500) });
    expect(judge({ state: "queued" }, [job])).toMatchObject({ at: at(500) });
    expect(judge({ state: "queued" }, [])).toMatchObject({ words: "No compute job has started yet", at: null });
  });

  test("of one that is complete says how long it took", () => {
    expect(judge({ state: "complete", ended_at: at(7200) })).toMatchObject({ words: "Ended as it should after 2 h," });
  });
});
