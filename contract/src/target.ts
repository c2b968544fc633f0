import { z } from 'zod';
import { attributionSchema } from './attribution.ts';
import { idSchema, podIdSchema } from './ids.ts';
import { lineSchema, nameSchema } from './plainText.ts';
import { targetPercentSchema } from './targetPercent.ts';
import { targetUrlSchema } from './targetUrlSchema.ts';

export const TARGET_KINDS = ['embedded', 'url', 'kubernetes'] as const;

/** One pod as its directory sees it now. */
export const podStatusSchema = z
  .strictObject({
    pod: podIdSchema,
    /** `ip:port` on which the balancer reaches it; null when unknown. */
    address: z.string().nullable(),
    /** Ready, serving and not terminating: it should get traffic. */
    ready: z.boolean(),
    /** Capacity weight, 1 for equal pods. */
    weight: z.number().min(0),
    /** Cores in use; null when unknown. */
    cpuCores: z.number().min(0).nullable(),
    memoryBytes: z.number().min(0).nullable(),
    activeConnections: z.int().min(0).nullable(),
    restarts: z.int().min(0),
  })
  .meta({ id: 'PodStatus' });

export type PodStatus = z.infer<typeof podStatusSchema>;

export const targetSchema = z
  .strictObject({
    id: idSchema,
    name: nameSchema(100),
    kind: z.enum(TARGET_KINDS),
    /** Where the load goes: the balancer's URL as it was typed. Its path and query are requested when a scenario has no path. */
    url: targetUrlSchema,
    attribution: attributionSchema,
    /** What spreads the requests, for people: "embedded, round-robin", "nginx". */
    balancer: lineSchema(200),
    /** Score from which its balance counts as balanced; DEFAULT_TARGET_PERCENT where it is left out. */
    targetPercent: targetPercentSchema.optional(),
  })
  .meta({ id: 'Target' });

export type Target = z.infer<typeof targetSchema>;
