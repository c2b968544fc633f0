/** The range that a number may lie in, both ends included. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Bounds of everything that a person may ask for. The service can be configured with wider ones; nothing is unbounded. */
export interface Limits {
  /** Simultaneous users of the closed model. */
  readonly users: Range;
  /** Users started per second. */
  readonly spawnRate: Range;
  /** Length of the whole load profile, in seconds. */
  readonly durationSeconds: Range;
  /** Requests per second of the open model; a stage may start or end at 0. */
  readonly rate: Range;
  /** Connections open at once; in the open model also the bound of requests in flight. */
  readonly connections: Range;
  /** Time after which a request counts as a timeout, in milliseconds. */
  readonly timeoutMs: Range;
  readonly stages: Range;
}

/** What the plugin's sliders offer and what the API accepts by default. */
export const STANDARD_LIMITS: Limits = {
  users: { min: 10, max: 1000 },
  spawnRate: { min: 1, max: 100 },
  durationSeconds: { min: 10, max: 600 },
  rate: { min: 0, max: 20_000 },
  connections: { min: 1, max: 10_000 },
  timeoutMs: { min: 10, max: 120_000 },
  stages: { min: 1, max: 50 },
};

/** What `--allow-any` and an operator's setting may reach. */
export const WIDEST_LIMITS: Limits = {
  users: { min: 1, max: 10_000 },
  spawnRate: { min: 0.1, max: 10_000 },
  durationSeconds: { min: 1, max: 86_400 },
  rate: { min: 0, max: 200_000 },
  connections: { min: 1, max: 10_000 },
  timeoutMs: { min: 10, max: 120_000 },
  stages: { min: 1, max: 200 },
};

/** Bounds that no setting widens. */
export const MAX_PODS = 1000;
/** Requests in flight at once over one HTTP/2 connection; servers allow 100 to 256 as a rule. */
export const STREAMS: Range = { min: 1, max: 250 };
/** Requests in flight at once over all connections. */
export const MAX_IN_FLIGHT = 10_000;
/** Largest head of an answer that a scenario may ask to be read, in bytes, and the one it gets unasked. */
export const HEAD_BYTES: Range = { min: 1024, max: 1_048_576 };
export const DEFAULT_HEAD_BYTES = 65_536;
/** Ways of ending that a report for people lists; the rest are summed up. */
export const MAX_LISTED_ENDINGS = 20;
/** Longest example of how a request ended, in characters. */
export const MAX_EXAMPLE_LENGTH = 200;
export const MAX_HEADERS = 50;
export const MAX_HEADER_VALUE_LENGTH = 8192;
export const MAX_BODY_LENGTH = 65_536;
export const MAX_PATH_LENGTH = 2048;
export const MAX_THRESHOLDS = 20;
export const MAX_MIX = 20;
export const MAX_FAULTS = 20;
