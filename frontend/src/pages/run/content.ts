/**
 * What the page knows of its run, and how events change it.
 *
 * Values in, values out: parts that an event does not touch stay the very same objects, so that
 * what is drawn of them need not be drawn again.
 */

import type { Job, Message, Period, Simulation, SimulationDetail, TimelineEntry } from "../../api/types";
import type { LiveEvent } from "../../live/protocol";
import { happeningOf } from "./happenings";
import { byTime } from "./order";

export interface Content {
  /** Null as long as nothing is known. */
  run: SimulationDetail | null;
  /** It is deleted; what was known of it stays. */
  gone: boolean;
  /** By uid. */
  jobs: ReadonlyMap<string, Job>;
  /** In the order in which they began. */
  periods: readonly Period[];
  /** In their order. */
  happenings: readonly TimelineEntry[];
}

export const NOTHING: Content = {
  run: null,
  gone: false,
  jobs: new Map(),
  periods: [],
  happenings: [],
};

/** What the list of runs does not tell of a run. */
const UNTOLD = {
  archive_path: null,
  storage_path: null,
  storage_small_path: null,
  submission_path: null,
  scheduler_id: null,
  config_card: null,
  all_tries: [],
} satisfies Omit<SimulationDetail, keyof Simulation>;

/** All of its lists were read: what they do not hold is no more, as after other data were restored. */
export function reread(
  content: Content,
  jobs: readonly Job[],
  periods: readonly Period[],
  happenings: readonly TimelineEntry[],
): Content {
  const empty = { ...NOTHING, run: content.run, gone: content.gone };
  return withHappenings(withPeriods(withJobs(empty, jobs), periods), happenings);
}

/** The content after these events, in their order; those of other runs change nothing. */
export function applyEvents(before: Content, events: readonly LiveEvent[], uid: string): Content {
  let content = before;
  for (const event of events) {
    if (event.type === "simulation") content = withRun(content, event, uid);
  }
  const of = <T>(type: string) => events.filter((e) => e.type === type && e.data !== null).map((e) => e.data as T);
  content = withJobs(content, of<Job>("job").filter((job) => job.simulation_uid === uid));
  content = withPeriods(content, of<Period>("period").filter((period) => period.simulation_uid === uid));
  const messages = of<Message>("message").filter((message) => message.simulation_uid === uid);
  return withHappenings(content, messages.flatMap((message) => happeningOf(message) ?? []));
}

function withRun(content: Content, event: LiveEvent, uid: string): Content {
  if (event.uid !== uid) return content;
  // Too large for a frame would say the same: whoever reads this asks HTTP as well.
  if (event.data === null) return { ...content, gone: true };
  return { ...content, gone: false, run: mergeRun(content.run, event.data as Simulation) };
}

/** Takes what is newer; what the new one does not tell stays. */
export function mergeRun(known: SimulationDetail | null, told: Simulation | SimulationDetail): SimulationDetail {
  if (known && told.revision < known.revision) return known;
  const run: SimulationDetail = { ...UNTOLD, ...known, ...told };
  const tries = run.all_tries.map((one) =>
    one.uid === run.uid ? { ...one, state: run.state, number: run.try, active: run.active, started_at: run.started_at } : one,
  );
  return { ...run, all_tries: tries };
}

export function withJobs(content: Content, told: readonly Job[]): Content {
  if (!told.length) return content;
  const jobs = new Map(content.jobs);
  for (const job of told) jobs.set(job.uid, job);
  return { ...content, jobs };
}

/** A period has no id of its own in HTTP: all that is said of it names it. */
const nameOf = (period: Period): string =>
  [period.job_uid, period.at, period.number, period.begin, period.end].join(" ");

export function withPeriods(content: Content, told: readonly Period[]): Content {
  const periods = joined(content.periods, told, nameOf, (period) => period.at);
  return periods === content.periods ? content : { ...content, periods };
}

export function withHappenings(content: Content, told: readonly TimelineEntry[]): Content {
  const happenings = joined(
    content.happenings,
    told,
    (entry) => entry.message_uid,
    (entry) => entry.at,
  );
  return happenings === content.happenings ? content : { ...content, happenings };
}

/** Both lists, each thing once, in order of time; the first list itself where nothing is new. */
function joined<T>(known: readonly T[], told: readonly T[], name: (one: T) => string, at: (one: T) => string): readonly T[] {
  if (!told.length) return known;
  const names = new Set(known.map(name));
  const fresh = told.filter((one) => !names.has(name(one)) && names.add(name(one)));
  if (!fresh.length) return known;
  const order = (a: T, b: T) => byTime(at(a), at(b)) || (name(a) < name(b) ? -1 : 1);
  fresh.sort(order);
  const [last, first] = [known.at(-1), fresh[0]];
  const all = [...known, ...fresh];
  // What comes is nearly always newer than all that is there.
  return last && first && order(last, first) > 0 ? all.sort(order) : all;
}
