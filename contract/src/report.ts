import { z } from 'zod';
import { balanceScoreSchema } from './balance.ts';
import { breakingPointSchema } from './breakingPoint.ts';
import { driftSchema } from './drift.ts';
import { addressReportSchema, endingSchema } from './ending.ts';
import { faultReportSchema } from './faultReport.ts';
import { GENERATOR_STATES } from './generator.ts';
import { podIdSchema } from './ids.ts';
import { latencySummarySchema } from './latency.ts';
import { outcomeCountsSchema } from './outcome.ts';
import { runSchema } from './run.ts';
import { PHASES } from './sample.ts';
import { spikeRecoverySchema } from './spikeRecovery.ts';
import { thresholdResultSchema } from './threshold.ts';

export const podReportSchema = z
  .strictObject({
    pod: podIdSchema,
    requests: z.int().min(0),
    errors: z.int().min(0),
    outcomes: outcomeCountsSchema,
    response: latencySummarySchema,
    /** Sum of service times, in seconds: the work that the pod did. */
    workSeconds: z.number().min(0),
    readyAtEnd: z.boolean(),
    restarts: z.int().min(0),
    weight: z.number().min(0),
    cpuCores: z.number().min(0).nullable(),
    memoryBytes: z.number().min(0).nullable(),
  })
  .meta({ id: 'PodReport' });

/** One point of the report's time axis. Long runs are thinned by merging neighbours, so it covers `seconds` seconds. */
export const timelinePointSchema = z
  .strictObject({
    second: z.int().min(0),
    seconds: z.int().min(1),
    phase: z.enum(PHASES),
    offeredRate: z.number().min(0),
    completedRate: z.number().min(0),
    errorRate: z.number().min(0),
    dropped: z.int().min(0),
    inFlight: z.int().min(0),
    users: z.int().min(0).nullable(),
    p50Ms: z.number().min(0).nullable(),
    p95Ms: z.number().min(0).nullable(),
    p99Ms: z.number().min(0).nullable(),
    scorePercent: z.number().min(0).max(100).nullable(),
    lowPercent: z.number().min(0).max(100).nullable(),
    highPercent: z.number().min(0).max(100).nullable(),
    generator: z.enum(GENERATOR_STATES),
  })
  .meta({ id: 'TimelinePoint' });

export type TimelinePoint = z.infer<typeof timelinePointSchema>;

export const REPORT_VERSION = 1;

/** How a run ended for a pipeline: the command's exit code is its index 0, 1 or 3. */
export const CONCLUSIONS = ['passed', 'failed', 'inconclusive'] as const;

/** What a run ends in. Figures are of the measuring phase unless a field says otherwise. */
export const reportSchema = z
  .strictObject({
    version: z.literal(REPORT_VERSION),
    run: runSchema,
    conclusion: z.enum(CONCLUSIONS),
    /** Every reason for a conclusion other than passed, each in a sentence. */
    reasons: z.array(z.string()),
    /** What a reader must know first, worst first, each in a sentence, when it is not about the balance: dead addresses, redirects, errors. */
    headlines: z.array(z.string()).default([]),
    balance: balanceScoreSchema,
    /** Seconds in each phase; seconds of a saturated generator are measured but left out of the balance. */
    seconds: z.strictObject({
      warming: z.int().min(0),
      measured: z.int().min(0),
      draining: z.int().min(0),
      strained: z.int().min(0),
      saturated: z.int().min(0),
    }),
    totals: z.strictObject({
      offered: z.int().min(0),
      sent: z.int().min(0),
      completed: z.int().min(0),
      dropped: z.int().min(0),
      /** Still in flight when the drain ended; neither errors nor successes, but in the latencies with the age that they had. */
      cancelled: z.int().min(0),
      unattributed: z.int().min(0),
      /** Answers of the balancer itself (502, 503, 504 without an upstream). */
      balancerErrors: z.int().min(0),
      /** Requests that the balancer tried on more than one pod. */
      retried: z.int().min(0),
      connectionsOpened: z.int().min(0),
      /** Requests that went out once more because the target had closed their idle connection; part of `sent` once. */
      resent: z.int().min(0).default(0),
      /** Requests completed in the warm-up, which count nowhere else. */
      warmupCompleted: z.int().min(0),
    }),
    achievedRate: z.number().min(0),
    offeredRate: z.number().min(0),
    /** Share of completed requests that were not ok, in percent. */
    errorRatePercent: z.number().min(0).max(100),
    outcomes: outcomeCountsSchema,
    /** The outcomes by status code and kind of failure, most frequent first. */
    endings: z.array(endingSchema).default([]),
    /** By address of the target that connections went to. */
    addresses: z.array(addressReportSchema).default([]),
    response: latencySummarySchema,
    service: latencySummarySchema,
    lateness: latencySummarySchema,
    pods: z.array(podReportSchema),
    thresholds: z.array(thresholdResultSchema),
    timeline: z.array(timelinePointSchema),
    /** Only of a run that searched the breaking point. */
    breakingPoint: breakingPointSchema.optional(),
    /** Whether the service stayed the same over the measuring phase; only of runs that held one level long enough. */
    drift: driftSchema.optional(),
    /** Only of a profile that rises from a base and comes back to it. */
    recovery: spikeRecoverySchema.optional(),
    /** What each fault did that was active on the target meanwhile; missing when there was none. */
    faults: z.array(faultReportSchema).optional(),
    /** Moments worth a mark on the time axis: phases, pod restarts, aborts. */
    events: z.array(z.strictObject({ second: z.number().min(0), kind: z.string(), text: z.string() })),
    /** Things that a reader should know before trusting the figures. */
    notices: z.array(z.string()),
  })
  .meta({ id: 'Report' });

export type Report = z.infer<typeof reportSchema>;
export type PodReport = z.infer<typeof podReportSchema>;
export type Conclusion = (typeof CONCLUSIONS)[number];
