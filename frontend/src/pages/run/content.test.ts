import { describe, expect, test } from "vitest";
import { aHappening, aJob, aMessage, aPeriod, aRun, at, RUN, told } from "../../../tests/a-run";
import { applyEvents, type Content, mergeRun, NOTHING, reread, withHappenings, withJobs, withPeriods } from "./content";

const known: Content = {
  run: aRun(),
  gone: false,
  jobs: new Map([["a", aJob("a")]]),
  periods: [aPeriod(1, 10)],
  happenings: [aHappening("m1", "0000", 0)],
};

test("what a whole reading does not hold any more is let go", () => {
  const after = reread(known, [aJob("b")], [aPeriod(2, 20)], []);
  expect([...after.jobs.keys()]).toEqual(["b"]);
  expect(after.periods).toEqual([aPeriod(2, 20)]);
  expect(after.happenings).toEqual([]);
  expect(after.run).toBe(known.run);
});

describe("the run", () => {
  test("takes the new words of an event and keeps what the event does not tell", () => {
    const { config_card, all_tries, submission_path, ...view } = aRun({ progress: 0.6, revision: 2 });
    const after = applyEvents(known, [told("simulation", RUN, view)], RUN);
    expect(after.run).toMatchObject({ progress: 0.6, config_card: "[UserChoices]", submission_path });
    expect(after.run?.all_tries).toEqual(all_tries);
    expect(config_card).toBeTruthy();
  });

  test("that was never heard of is there with its first event", () => {
    const after = applyEvents(NOTHING, [told("simulation", RUN, aRun())], RUN);
    expect(after.run?.name).toBe("CM6.historical");
  });

  test("of an older revision changes nothing", () => {
    const later = aRun({ revision: 5, progress: 0.9 });
    expect(mergeRun(later, aRun({ revision: 4, progress: 0.1 }))).toBe(later);
  });

  test("that is deleted stays to be read, and may come back", () => {
    const gone = applyEvents(known, [told("simulation", RUN, null)], RUN);
    expect(gone.gone).toBe(true);
    expect(gone.run).toBe(known.run);
    expect(gone.jobs).toBe(known.jobs);
    expect(applyEvents(gone, [told("simulation", RUN, aRun())], RUN).gone).toBe(false);
  });

  test("has its state among its tries too", () => {
    const after = mergeRun(aRun(), aRun({ state: "error", revision: 2, try: 2, active: false }));
    expect(after.all_tries).toMatchObject([{ uid: RUN, state: "error", number: 2, active: false }]);
  });
});

test("what belongs to other runs changes nothing at all", () => {
  const other = "22222222-2222-4222-8222-222222222222";
  const events = [
    told("simulation", other, aRun({ uid: other })),
    told("job", "z", aJob("z", { simulation_uid: other })),
    told("period", "m9", aPeriod(9, 90, { simulation_uid: other })),
    told("message", "m9", aMessage("m9", "1000", { simulation_uid: other })),
    told("mail", "x", {}),
    told("job", "y", null),
  ];
  expect(applyEvents(known, events, RUN)).toBe(known);
});

test("a job that is known changes in its place, a new one comes after it", () => {
  const events = [told("job", "b", aJob("b")), told("job", "a", aJob("a", { state: "error", ended_at: at(5) }))];
  const { jobs } = applyEvents(known, events, RUN);
  expect([...jobs.keys()]).toEqual(["a", "b"]);
  expect(jobs.get("a")?.state).toBe("error");
  expect(known.jobs.get("a")?.state).toBe("running");
  expect(withJobs(known, [])).toBe(known);
});

describe("periods", () => {
  test("stand in order of time and once, however they come", () => {
    const after = withPeriods(known, [aPeriod(3, 30), aPeriod(2, 20), aPeriod(1, 10)]);
    expect(after.periods.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(withPeriods(after, [aPeriod(2, 20)])).toBe(after);
  });

  test("written with other fractions of a second are in order too", () => {
    const [early, late] = [aPeriod(1, 0, { at: "2026-03-01T12:00:00Z" }), aPeriod(2, 0, { at: "2026-03-01T12:00:00.5Z" })];
    expect(withPeriods(NOTHING, [late, early]).periods).toEqual([early, late]);
  });
});

test("happenings of one millisecond are told in their order", () => {
  const early = aHappening("z", "1000", 0, { at: "2026-03-01T12:00:00.123001Z" });
  const late = aHappening("a", "1100", 0, { at: "2026-03-01T12:00:00.1231Z" });
  expect(withHappenings(NOTHING, [late, early]).happenings).toEqual([early, late]);
});

test("messages of the run's life become happenings in order; others do not", () => {
  const events = [
    told("message", "m3", aMessage("m3", "1100", { timestamp: at(30) })),
    told("message", "m2", aMessage("m2", "1900", { timestamp: at(20), body: { command: "cp a  b" } })),
    told("message", "m4", aMessage("m4", "7000", { app: "metrics" })),
    told("message", "m1", aMessage("m1", "0000")),
  ];
  const { happenings } = applyEvents(known, events, RUN);
  expect(happenings.map((entry) => entry.message_uid)).toEqual(["m1", "m2", "m3"]);
  expect(happenings[1]?.text).toBe("command failed in compute job: cp a b");
});
