/** A run and what belongs to it, for tests. */

import type { Job, Message, Period, SimulationDetail, TimelineEntry } from "../src/api/types";
import type { LiveEvent } from "../src/live/protocol";

export const RUN = "11111111-1111-4111-8111-111111111111";

/** `at(90)` is a minute and a half after noon of the first of March. */
export const at = (seconds: number): string => new Date(Date.UTC(2026, 2, 1, 12) + seconds * 1000).toISOString();
export const noon = Date.UTC(2026, 2, 1, 12);

export const aRun = (more: Partial<SimulationDetail> = {}): SimulationDetail => ({
  uid: RUN,
  name: "CM6.historical",
  state: "running",
  progress: 0.5,
  activity: null,
  centre: "TGCC",
  machine: "irene",
  login: "amartin",
  experiment: "historical",
  model: "IPSLCM6",
  space: "PROD",
  accounting_project: "gencmip6",
  output_start: "1850-01-01",
  output_end: "1859-12-31",
  started_at: at(0),
  ended_at: null,
  late_at: null,
  last_message_at: at(60),
  try: 1,
  tries: 1,
  active: true,
  jobs: {},
  flags: [],
  revision: 1,
  archive_path: null,
  storage_path: null,
  storage_small_path: null,
  submission_path: "/work/amartin",
  scheduler_id: "1",
  config_card: "[UserChoices]",
  all_tries: [{ uid: RUN, number: 1, active: true, state: "running", started_at: at(0) }],
  ...more,
});

export const aJob = (uid: string, more: Partial<Job> = {}): Job => ({
  uid,
  simulation_uid: RUN,
  kind: "compute",
  state: "running",
  started_at: at(0),
  ended_at: null,
  late_at: null,
  accounting_project: null,
  scheduler_id: null,
  submission_path: null,
  warning_delay: 86_400,
  post_processing: { name: null, date: null, dimension: null, component: null, file: null },
  failed_commands: 0,
  last_message_at: at(0),
  flags: [],
  ...more,
});

/** A post-processing job of this tool. */
export const aTool = (uid: string, name: string, more: Partial<Job> = {}): Job =>
  aJob(uid, {
    kind: "post_processing",
    post_processing: { name, date: "18591231", dimension: null, component: null, file: null },
    ...more,
  });

export const aPeriod = (month: number, seconds: number, more: Partial<Period> = {}): Period => ({
  simulation_uid: RUN,
  job_uid: "a",
  at: at(seconds),
  number: month,
  begin: `1850${String(month).padStart(2, "0")}01`,
  end: `1850${String(month).padStart(2, "0")}28`,
  ...more,
});

export const aHappening = (uid: string, code: string, seconds: number, more: Partial<TimelineEntry> = {}): TimelineEntry => ({
  at: at(seconds),
  message_uid: uid,
  code,
  name: "",
  job_uid: "a",
  text: "",
  ...more,
});

export const aMessage = (uid: string, code = "1001", more: Partial<Message> = {}): Message => ({
  uid,
  code,
  routed_as: code,
  name: "simulated period begins",
  app: "monitoring",
  producer: "libigcm",
  producer_version: "2.8.4",
  dialect: "today",
  user: "smtp",
  mode: "prod",
  simulation_uid: RUN,
  job_uid: "a",
  timestamp: at(0),
  timestamp_raw: null,
  received_at: at(1),
  door: "smtp",
  mail: null,
  flags: [],
  body: {},
  ...more,
});

let seq = 0;

export const told = (type: string, uid: string, data: unknown): LiveEvent => ({ seq: ++seq, type, at: at(0), uid, data });
