import { z } from 'zod';
import { VERDICTS } from './balance.ts';
import { GENERATOR_STATES } from './generator.ts';

/**
 * Asks for the breaking point instead of playing the load profile: the profile then says where to search. The search starts at
 * its lowest rate (a hundredth of the highest when that is 0), goes no higher than its highest, and may take as long as it lasts.
 * A step is one constant rate; it passes when every figure of its judged part keeps these limits.
 */
export const breakingPointSettingsSchema = z
  .strictObject({
    /**
     * Length of one step, in seconds. The first 2 s or tenth of it, whichever is longer, is not judged. Where answers may take longer
     * than that, a step is longer by the difference.
     */
    stepSeconds: z.int().min(5).max(120).default(10),
    /** Pause after each step, so that the next one does not meet the queues of the last. */
    cooldownSeconds: z.number().min(0).max(300).default(2),
    /** A step fails when its 95th percentile is above this, in milliseconds. */
    p95Ms: z.number().min(1).max(120_000).default(500),
    /** A step fails when more of its requests end in an error, in percent. */
    errorPercent: z.number().min(0).max(100).default(1),
    /** A step fails when its balance score is below this; null only reports the score. */
    balancePercent: z.number().min(0).max(100).nullable().default(null),
    /** The search ends when the first bad rate is at most this much above the last good one, in percent. */
    precisionPercent: z.number().min(1).max(50).default(5),
    /** The run fails when the last good rate is below this, in requests per second; null only reports it. */
    requiredRate: z.number().min(0).max(200_000).nullable().default(null),
  })
  .meta({ id: 'BreakingPointSettings' });

export type BreakingPointSettings = z.infer<typeof breakingPointSettingsSchema>;

/** `doubling` while nothing failed yet, `bisection` between the last good and the first bad rate, `confirmation` at 0.95 of the result. */
export const STEP_PURPOSES = ['doubling', 'bisection', 'confirmation'] as const;
export type StepPurpose = (typeof STEP_PURPOSES)[number];

/** `inconclusive`: the generator was the limit, so the step says nothing about the target. */
export const STEP_VERDICTS = ['passed', 'failed', 'inconclusive'] as const;
export type StepVerdict = (typeof STEP_VERDICTS)[number];

/**
 * What made a step fail, the most telling first: too many errors; fewer answers than requests, so that a queue grows;
 * requests not sent because every connection waited for an answer; too slow; too uneven; the generator itself, or its connections,
 * all in use although the service answered as fast as before.
 */
export const LIMITING_SIGNALS = [
  'errors',
  'throughput',
  'dropped',
  'latency',
  'balance',
  'generator',
  'connections',
] as const;
export type LimitingSignal = (typeof LIMITING_SIGNALS)[number];

const rate = z.number().min(0);
const milliseconds = z.number().min(0).nullable();
const percent = z.number().min(0).max(100);

/** One step of the search, with the figures of its judged part. A list of steps is a table and a set of series over `rate`. */
export const breakingPointStepSchema = z
  .strictObject({
    /** From 1, in the order in which the steps ran. */
    number: z.int().min(1),
    purpose: z.enum(STEP_PURPOSES),
    /** A second try at the rate of the step before. */
    repeated: z.boolean(),
    /** Offered rate of the step, in requests per second. */
    rate,
    /** Second of the search in which the step began. */
    atSecond: z.number().min(0),
    /** Seconds that were judged. */
    seconds: z.int().min(0),
    verdict: z.enum(STEP_VERDICTS),
    /** Every limit that was broken, each in a sentence; empty when the step passed. */
    reasons: z.array(z.string()),
    /** The most telling of the broken limits; null when the step passed. */
    signal: z.enum(LIMITING_SIGNALS).nullable(),
    /** Requests that the schedule wanted, over the judged seconds. */
    offeredRate: rate,
    sentRate: rate,
    /** Answered without an error. */
    goodRate: rate,
    dropped: z.int().min(0),
    errorRatePercent: percent,
    meanMs: milliseconds,
    p50Ms: milliseconds,
    p95Ms: milliseconds,
    p99Ms: milliseconds,
    /** Mean number of requests in flight at the end of a second. */
    inFlight: z.number().min(0),
    balance: z.strictObject({
      verdict: z.enum(VERDICTS),
      scorePercent: percent.nullable(),
      lowPercent: percent.nullable(),
      highPercent: percent.nullable(),
    }),
    /** Worst state of the generator that lasted. */
    generator: z.enum(GENERATOR_STATES),
  })
  .meta({ id: 'BreakingPointStep' });

export type BreakingPointStep = z.infer<typeof breakingPointStepSchema>;

/**
 * `found`: bracketed to the precision and confirmed. `lower-bound`: the generator ended before the target did.
 * `beyond-range`: the highest rate of the range passed. `below-range`: the lowest failed.
 * `unfinished`: stopped, or out of time, before the bracket was narrow enough or confirmed.
 */
export const BREAKING_POINT_OUTCOMES = ['found', 'lower-bound', 'beyond-range', 'below-range', 'unfinished'] as const;
export type BreakingPointOutcome = (typeof BREAKING_POINT_OUTCOMES)[number];

/** Where more load stops buying throughput (Kneedle). An explanation, not a gate. */
export const kneeSchema = z.strictObject({
  /** Offered rate at the knee; null when there is none. */
  rate: rate.nullable(),
  /** What the curve says, in one sentence; also why there is no knee. */
  sentence: z.string(),
});
export type Knee = z.infer<typeof kneeSchema>;

const interval = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });

/** Universal scalability law X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)), N = requests in flight. */
export const scalabilitySchema = z.strictObject({
  /** null when the fit was refused; `sentence` then says why. */
  fit: z
    .strictObject({
      /** Requests per second at one in flight. */
      lambda: interval,
      /** Contention: the share of the work that cannot overlap. */
      sigma: interval,
      /** Crosstalk: the cost of keeping everyone in step. */
      kappa: interval,
      /** Coefficient of determination. */
      r2: z.number().max(1),
      /** Requests in flight at which throughput peaks; null when it only levels off. */
      peakInFlight: z.number().nullable(),
      /** Highest throughput by the law: at the peak, or where it levels off; null when neither exists. */
      maxRate: z.number().nullable(),
      points: z.int(),
    })
    .nullable(),
  sentence: z.string(),
});
export type Scalability = z.infer<typeof scalabilitySchema>;

export const breakingPointSchema = z
  .strictObject({
    outcome: z.enum(BREAKING_POINT_OUTCOMES),
    settings: breakingPointSettingsSchema,
    /** Highest rate that passed below every rate that failed; null when none passed. */
    lastGoodRate: rate.nullable(),
    /** Lowest rate that failed; null when none failed. */
    firstBadRate: rate.nullable(),
    /** Rate of the confirming run that passed; null when none did. */
    confirmedRate: rate.nullable(),
    /** What gave way first; null when nothing did. */
    signal: z.enum(LIMITING_SIGNALS).nullable(),
    /** The answer for a person: how much the service takes, and what gives way beyond. */
    sentence: z.string(),
    knee: kneeSchema,
    scalability: scalabilitySchema,
    steps: z.array(breakingPointStepSchema),
  })
  .meta({ id: 'BreakingPoint' });

export type BreakingPoint = z.infer<typeof breakingPointSchema>;
