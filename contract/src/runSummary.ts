import { z } from 'zod';
import { VERDICTS } from './balance.ts';
import { idSchema } from './ids.ts';
import { CONCLUSIONS } from './report.ts';
import { labelsSchema, RUN_STATES } from './run.ts';
import { SCENARIO_KINDS } from './scenario.ts';
import { TARGET_KINDS } from './target.ts';

const percent = z.number().min(0).max(100);

/** A run as a list shows it: who, what, when, and the figures of its report once there is one. */
export const runSummarySchema = z
  .strictObject({
    id: idSchema,
    state: z.enum(RUN_STATES),
    reason: z.string().nullable(),
    scenarioName: z.string(),
    scenarioKind: z.enum(SCENARIO_KINDS),
    targetId: idSchema,
    targetName: z.string(),
    targetKind: z.enum(TARGET_KINDS),
    createdAt: z.number(),
    startedAt: z.number().nullable(),
    endedAt: z.number().nullable(),
    startedBy: z.string(),
    labels: labelsSchema,
    note: z.string(),
    baseline: z.boolean(),
    result: z
      .strictObject({
        conclusion: z.enum(CONCLUSIONS),
        verdict: z.enum(VERDICTS),
        scorePercent: percent.nullable(),
        lowPercent: percent.nullable(),
        highPercent: percent.nullable(),
        completed: z.int().min(0),
        achievedRate: z.number().min(0),
        errorRatePercent: percent,
        p50Ms: z.number().min(0).nullable(),
        p95Ms: z.number().min(0).nullable(),
        p99Ms: z.number().min(0).nullable(),
        pods: z.int().min(0),
      })
      .nullable(),
  })
  .meta({ id: 'RunSummary' });

export type RunSummary = z.infer<typeof runSummarySchema>;
export type RunResult = NonNullable<RunSummary['result']>;
