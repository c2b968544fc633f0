import { z } from 'zod';
import { fieldProblems } from './fieldProblems.ts';
import { clipped } from './inputBounds.ts';
import { quotedText } from './unseenText.ts';

/** What a threshold may look at. Latencies are in milliseconds, `errorRate` and `balance` in percent, `rate` in requests/s. */
export const THRESHOLD_METRICS = [
  'mean',
  'p50',
  'p90',
  'p95',
  'p99',
  'p999',
  'max',
  'errorRate',
  'balance',
  'rate',
] as const;
export const THRESHOLD_OPERATORS = ['<', '<=', '>', '>='] as const;

export type ThresholdMetric = (typeof THRESHOLD_METRICS)[number];

export const thresholdSchema = z
  .strictObject({
    metric: z.enum(THRESHOLD_METRICS),
    op: z.enum(THRESHOLD_OPERATORS),
    value: z.number().min(0).max(1_000_000),
    /** Sliding window in seconds; without it the whole measured phase is judged, once, at the end. */
    overSeconds: z.int().min(1).max(600).optional(),
    /** How long the window must stay in breach before it counts, in seconds. */
    forSeconds: z.int().min(0).max(600).optional(),
    /** Stop the run as soon as the breach counts. Needs `overSeconds`. */
    abort: z.boolean().optional(),
  })
  .refine((t) => t.overSeconds !== undefined || (!t.abort && t.forSeconds === undefined), {
    message: 'abort and forSeconds need overSeconds',
    path: ['overSeconds'],
  })
  .meta({
    id: 'Threshold',
    dependentRequired: { forSeconds: ['overSeconds'] },
    not: {
      allOf: [{ properties: { abort: { const: true } }, required: ['abort'] }, { not: { required: ['overSeconds'] } }],
    },
  });

export type Threshold = z.infer<typeof thresholdSchema>;

export const thresholdResultSchema = z
  .strictObject({
    threshold: thresholdSchema,
    /** null when the metric could not be computed, which never passes. */
    observed: z.number().nullable(),
    passed: z.boolean(),
    /** Second of the run in which the breach counted, when a sliding window found it. */
    breachedAtSecond: z.int().min(0).nullable(),
  })
  .meta({ id: 'ThresholdResult' });

export type ThresholdResult = z.infer<typeof thresholdResultSchema>;

const UNIT_OF: Record<ThresholdMetric, string> = {
  mean: ' ms',
  p50: ' ms',
  p90: ' ms',
  p95: ' ms',
  p99: ' ms',
  p999: ' ms',
  max: ' ms',
  errorRate: ' %',
  balance: '',
  rate: ' req/s',
};

/** The threshold as a person writes it: `p99 < 500 ms over 10 s for 5 s, abort`. */
export function formatThreshold(t: Threshold): string {
  const over = t.overSeconds === undefined ? '' : ` over ${t.overSeconds} s`;
  const hold = t.forSeconds ? ` for ${t.forSeconds} s` : '';
  return `${t.metric} ${t.op} ${t.value}${UNIT_OF[t.metric]}${over}${hold}${t.abort ? ', abort' : ''}`;
}

const EXPRESSION =
  /^\s*(\w+)\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?)\s*(ms|s|%|req\/s)?(?:\s+over\s+(\d+)\s*s)?(?:\s+for\s+(\d+)\s*s)?(\s*,?\s*abort)?\s*$/;

/** Longer is no threshold, and the expression above tries the ways in which blanks can be shared out. */
const MAX_EXPRESSION = 200;

/** Reads `p99 < 500ms`, `errorRate < 1%`, `balance >= 95 over 30s for 10s, abort`. Throws an Error that says what is wrong. */
export function parseThreshold(expression: string): Threshold {
  const match = expression.length > MAX_EXPRESSION ? null : EXPRESSION.exec(expression);
  if (!match)
    throw new Error(
      `${quotedText(clipped(expression))} is not a threshold; write for example "p99 < 500ms" or "errorRate < 1%"`
    );
  const [, metric, op, value, unit, over, hold, abort] = match;
  if (over === undefined && (hold !== undefined || abort !== undefined)) {
    const example = `${metric} ${op} ${value}${unit ?? ''} over 10s${hold ? ` for ${hold}s` : ''}${abort ? ', abort' : ''}`;
    throw new Error(`${quotedText(expression)} needs the window that is judged: write for example "${example}"`);
  }
  const scale = unit === 's' ? 1000 : 1;
  const input = {
    metric,
    op,
    value: Number(value) * scale,
    ...(over ? { overSeconds: Number(over) } : {}),
    ...(hold ? { forSeconds: Number(hold) } : {}),
    ...(abort ? { abort: true } : {}),
  };
  const parsed = thresholdSchema.safeParse(input);
  if (!parsed.success) {
    const [problem] = fieldProblems(thresholdSchema, parsed.error, input);
    throw new Error(`${quotedText(expression)}: ${problem!.field}: ${problem!.message}`);
  }
  const known = UNIT_OF[parsed.data.metric].trim();
  const fits =
    unit === undefined || unit === known || (unit === 's' && known === 'ms') || (unit === '%' && known === '');
  if (!fits)
    throw new Error(`${quotedText(expression)}: ${metric} is measured in ${known || 'points'}, not in ${unit}`);
  return parsed.data;
}
