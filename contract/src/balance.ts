import { z } from 'zod';
import { podIdSchema } from './ids.ts';

export const VERDICTS = ['balanced', 'imbalanced', 'needs-more-data', 'not-applicable'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const GUARD_KINDS = ['starved', 'hot', 'cold', 'black-hole'] as const;

/** Why a verdict is what it is; a stable word for machines beside the sentence for people. */
export const BALANCE_CAUSES = [
  'even',
  'no-pods',
  'no-ready-pods',
  'single-pod',
  'too-few-requests',
  'undecided',
  'unattributed',
  'unanswered',
  'generator-saturated',
  'pinned-connections',
  'starved-pod',
  'black-hole',
  'slow-pod',
  'hot-pod',
  'cold-pod',
  'random-spread',
  'uneven',
] as const;
export type BalanceCause = (typeof BALANCE_CAUSES)[number];

const percent = z.number().min(0).max(100);
const ratio = z.number().min(0);

export const guardSchema = z
  .strictObject({
    kind: z.enum(GUARD_KINDS),
    pod: podIdSchema,
    /** Requests over expected requests. */
    ratio,
    sentence: z.string(),
  })
  .meta({ id: 'BalanceGuard', description: 'One pod that fails the balance whatever the score over all pods says.' });

export const podBalanceSchema = z
  .strictObject({
    pod: podIdSchema,
    /** First-attempt routing decisions. */
    requests: z.int().min(0),
    expected: ratio,
    share: z.number().min(0).max(1),
    expectedShare: z.number().min(0).max(1),
    /** requests / expected; null when nothing was expected. */
    ratio: ratio.nullable(),
    /** 95 % band of the share that pure chance gives around the expected share. */
    noiseLowShare: z.number().min(0).max(1),
    noiseHighShare: z.number().min(0).max(1),
    /** Poisson z of the count. */
    z: z.number(),
    /** Significant by Benjamini-Hochberg at q = 0.01 over all pods. */
    significant: z.boolean(),
    /** Requests that the pod answered while it was not eligible (not ready). */
    leaked: z.int().min(0),
  })
  .meta({ id: 'PodBalance' });

export type PodBalance = z.infer<typeof podBalanceSchema>;

const scoreFields = {
  /** 100 x (1 - noise-corrected CV), never below 0; null when there is none. */
  scorePercent: percent.nullable(),
  /** 95 % interval of the score. */
  lowPercent: percent.nullable(),
  highPercent: percent.nullable(),
  /** 100 x (1 - CV) without correction. */
  rawPercent: percent.nullable(),
};

export const balanceScoreSchema = z
  .strictObject({
    verdict: z.enum(VERDICTS),
    cause: z.enum(BALANCE_CAUSES),
    /** What the balance looks like, in one sentence for a person. */
    sentence: z.string(),
    targetPercent: percent,
    ...scoreFields,
    /** Population coefficient of variation of requests over expected requests. */
    cv: ratio.nullable(),
    correctedCv: ratio.nullable(),
    /** CV that a fair random balancer shows at this number of requests. */
    noiseFloorCv: ratio.nullable(),
    /** First-attempt decisions over eligible pods. */
    requests: z.int().min(0),
    /** Further requests after which the interval should be narrow enough to decide; null when none are needed or none would help. */
    requestsNeeded: z.int().min(0).nullable(),
    /** Eligible pods. */
    pods: z.int().min(0),
    unattributed: z.int().min(0),
    /** 0 to 1. */
    unattributedShare: z.number().min(0).max(1),
    guards: z.array(guardSchema),
    /** Independent routing decisions behind the requests; far below `requests` when connections are pinned to pods. */
    effectiveDecisions: ratio.nullable(),
    measures: z
      .strictObject({
        /** Jain's fairness index, 1/k to 1. */
        jain: ratio,
        maxOverMean: ratio,
        minOverMean: ratio,
        gini: ratio,
        /** Share of the requests that would have to move for perfect balance. */
        totalVariation: ratio,
        chiSquare: ratio,
        /** Probability of at least this chi-square under a fair random balancer. */
        chiSquareP: z.number().min(0).max(1),
      })
      .nullable(),
    /** The same score over service time instead of requests; null when no service time was seen. */
    work: z
      .strictObject({
        scorePercent: percent,
        cv: ratio,
        busiestPod: podIdSchema,
        busiestRatio: ratio,
        sentence: z.string(),
      })
      .nullable(),
    perPod: z.array(podBalanceSchema),
  })
  .meta({ id: 'BalanceScore' });

export type BalanceScore = z.infer<typeof balanceScoreSchema>;
export type BalanceGuard = z.infer<typeof guardSchema>;
