/** The objects of the HTTP API, as docs/http-api.md describes them. Times are RFC 3339 in UTC. */

export const STATES = ["queued", "running", "complete", "late", "error"] as const;
export type State = (typeof STATES)[number];

export const JOB_KINDS = ["compute", "post_processing", "checker"] as const;
export type JobKind = (typeof JOB_KINDS)[number];

export type JobCounts = Record<State, number>;

export interface Simulation {
  uid: string;
  name: string | null;
  state: State;
  /** From 0 to 1. */
  progress: number;
  activity: string | null;
  centre: string | null;
  machine: string | null;
  login: string | null;
  experiment: string | null;
  model: string | null;
  space: string | null;
  accounting_project: string | null;
  output_start: string | null;
  output_end: string | null;
  started_at: string | null;
  ended_at: string | null;
  late_at: string | null;
  last_message_at: string;
  try: number;
  tries: number;
  active: boolean;
  jobs: Partial<Record<JobKind, JobCounts>>;
  flags: string[];
  /** Grows with every change of the run. */
  revision: number;
}

export interface Try {
  uid: string;
  number: number;
  active: boolean;
  state: State;
  started_at: string | null;
}

export interface SimulationDetail extends Simulation {
  archive_path: string | null;
  storage_path: string | null;
  storage_small_path: string | null;
  submission_path: string | null;
  scheduler_id: string | null;
  config_card: string | null;
  all_tries: Try[];
}

export interface PostProcessing {
  name: string | null;
  date: string | null;
  dimension: string | null;
  component: string | null;
  file: string | null;
}

export interface Job {
  uid: string;
  simulation_uid: string;
  kind: JobKind;
  state: State;
  started_at: string | null;
  ended_at: string | null;
  late_at: string | null;
  accounting_project: string | null;
  scheduler_id: string | null;
  submission_path: string | null;
  /** Seconds. */
  warning_delay: number;
  post_processing: PostProcessing;
  failed_commands: number;
  last_message_at: string;
  flags: string[];
}

/** A simulated period that began; `begin` and `end` as the model wrote them (YYYYMMDD). */
export interface Period {
  simulation_uid: string;
  job_uid: string;
  at: string;
  number: number | null;
  begin: string;
  end: string;
}

/** `code` is as received, `routed_as` as it was routed. */
export interface Message {
  uid: string;
  code: string;
  routed_as: string;
  name: string;
  app: string;
  producer: string;
  producer_version: string;
  dialect: string;
  user: string;
  mode: string;
  simulation_uid: string | null;
  job_uid: string | null;
  timestamp: string;
  timestamp_raw: string | null;
  received_at: string;
  door: string;
  mail: string | null;
  flags: string[];
  body: Record<string, unknown>;
}

export interface TimelineEntry {
  at: string;
  message_uid: string;
  code: string;
  name: string;
  job_uid: string | null;
  text: string;
}

export interface Mail {
  id: string;
  at: string;
  door: string;
  sender: string | null;
  /** Bytes. */
  size: number;
  sent_at: string | null;
  messages: Record<string, number>;
  repairs: number;
  dead: number;
  receipts: number;
  /** Seconds from its Date to its last message stored. */
  latency: number | null;
}

/** `bytes` is base64 and, in lists, cut after 4,096 bytes of `size`. */
export interface DeadLetter {
  id: string;
  at: string;
  reason: string;
  detail: string;
  stage: string;
  door: string;
  mail: string | null;
  position: number | null;
  code: string | null;
  app: string | null;
  bytes: string;
  size: number;
  resent_at: string | null;
}

export interface Queue {
  name: string;
  ready: number;
  unacked: number;
  consumers: number;
  /** Seconds. */
  oldest_age: number | null;
}

export interface Stats {
  queues: Queue[];
  /** Mails and bodies not yet published. */
  spool: number;
  /** Messages a second, by name. */
  rates: Record<string, number>;
  /** Seconds, by name. */
  latency: Record<string, number | null>;
  /** How much is stored, by kind. */
  counts: Record<string, number>;
  version: string;
}

/** What `/ready` says: of each check `ok`, or why it is not. */
export interface Ready {
  status: string;
  checks: Record<string, string>;
}

export interface Page<T> {
  items: T[];
  next: string | null;
  total?: number;
  total_at_least?: number;
}

export interface FacetValue {
  value: string | null;
  label: string;
  count: number;
}

export interface SimulationPage extends Page<Simulation> {
  facets: Record<string, FacetValue[]>;
}

/** RFC 9457. */
export interface ProblemDocument {
  title: string;
  status: number;
  detail: string;
  parameter?: string;
  reason?: string;
  checks?: Record<string, string>;
}
