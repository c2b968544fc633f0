import { DEFAULT_PORT } from '@evenkeel/contract/api';
import { attributionSchema, POD_HEADER, UPSTREAM_HEADER } from '@evenkeel/contract/attribution';
import { idSchema, podIdSchema } from '@evenkeel/contract/ids';
import { type Limits, MAX_PODS, type Range, STANDARD_LIMITS, WIDEST_LIMITS } from '@evenkeel/contract/limits';
import { lineSchema, nameSchema } from '@evenkeel/contract/plainText';
import { roleSchema } from '@evenkeel/contract/role';
import { DEFAULT_TARGET_PERCENT, targetPercentSchema } from '@evenkeel/contract/targetPercent';
import { targetUrlSchema } from '@evenkeel/contract/targetUrlSchema';
import { z } from 'zod';
import { networkOf } from './targetNetworks.ts';

/** A shorter secret can be guessed. */
export const MIN_TOKEN_LENGTH = 16;

const token = z
  .string()
  .min(MIN_TOKEN_LENGTH)
  .max(4096)
  .regex(/^[\x21-\x7e]*$/, 'must hold visible ASCII characters only');

const url = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' });

const host = z
  .string()
  .max(253)
  .regex(/^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._:-]+)$/, 'must be a host name or an IP address, without port');

/** CIDR notation, or a single address. */
const network = z
  .string()
  .refine((text) => networkOf(text) !== null, 'must be a network such as 10.0.0.0/8, or an address');

const rangeWithin = (widest: Range, standard: Range) =>
  z
    .strictObject({
      min: z.number().min(widest.min).max(widest.max).default(standard.min),
      max: z.number().min(widest.min).max(widest.max).default(standard.max),
    })
    .refine(({ min, max }) => min <= max, 'min is above max')
    .default({ ...standard });

const limit = (name: keyof Limits) => rangeWithin(WIDEST_LIMITS[name], STANDARD_LIMITS[name]);

const targetSettings = z.strictObject({
  id: idSchema,
  name: nameSchema(100).optional(),
  url: targetUrlSchema,
  attribution: attributionSchema.default({ header: POD_HEADER, upstreamHeader: UPSTREAM_HEADER }),
  balancer: lineSchema(200).default('whatever answers at this URL'),
  /** Score from which its balance counts as balanced; that of all runs where it is left out. */
  targetPercent: targetPercentSchema.optional(),
  /** Where the URL's host may resolve to. An address in the URL allows itself. */
  networks: z.array(network).max(50).default([]),
  /** The pods, if they are known; a pod that never answers is only seen when it is listed here. */
  pods: z
    .array(
      z.strictObject({
        pod: podIdSchema,
        address: z.string().max(253).optional(),
        weight: z.number().min(0).max(1000).default(1),
      })
    )
    .max(MAX_PODS)
    .default([]),
});

const budget = (perMinute: number) => z.int().min(1).max(1_000_000).default(perMinute);

/** Everything that an operator can set. Every field has a default; the defaults serve this machine only. */
export const settingsSchema = z.strictObject({
  listen: z
    .strictObject({
      host: host.default('127.0.0.1'),
      port: z.int().min(0).max(65_535).default(DEFAULT_PORT),
      /** Names beyond loopback and its own address under which the service is reached. */
      allowedHosts: z.array(host).max(50).default([]),
    })
    .prefault({}),
  database: z
    .strictObject({
      file: z.string().min(1).max(4096).default('evenkeel-data/evenkeel.db'),
    })
    .prefault({}),
  auth: z
    .strictObject({
      /** Tokens of Grafana's plugin proxy; two are valid at once while one replaces the other. */
      grafanaTokens: z.array(token).max(2).default([]),
      /** Tokens of direct clients, each with a role. */
      tokens: z
        .array(
          z.strictObject({
            name: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 _ . -'),
            role: roleSchema,
            token,
          })
        )
        .max(50)
        .default([]),
      /** Prometheus may scrape /metrics without a token. */
      openMetrics: z.boolean().default(false),
    })
    .prefault({}),
  /** Verify the identity that this Grafana signs (X-Grafana-Id). */
  grafana: z
    .strictObject({
      url,
      issuer: z.string().max(500).optional(),
      orgId: z.int().min(1).optional(),
    })
    .nullable()
    .default(null),
  /** The cluster that the service brings up itself; the options are those of `evenkeel run`. */
  embedded: z
    .strictObject({
      enabled: z.boolean().default(true),
      options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
      /** As for a target of `targets`. */
      targetPercent: targetPercentSchema.optional(),
    })
    .prefault({}),
  targets: z.array(targetSettings).max(100).default([]),
  limits: z
    .strictObject({
      users: limit('users'),
      spawnRate: limit('spawnRate'),
      durationSeconds: limit('durationSeconds'),
      rate: limit('rate'),
      connections: limit('connections'),
      timeoutMs: limit('timeoutMs'),
      stages: limit('stages'),
    })
    .prefault({}),
  runs: z
    .strictObject({
      maxActive: z.int().min(1).max(20).default(2),
      keepRuns: z.int().min(1).max(100_000).default(500),
      keepDays: z.number().min(0.01).max(3650).default(90),
      /** Score from which a balance counts as balanced, on every target without one of its own. */
      targetPercent: targetPercentSchema.default(DEFAULT_TARGET_PERCENT),
    })
    .prefault({}),
  streams: z.strictObject({ maxClients: z.int().min(1).max(10_000).default(250) }).prefault({}),
  /** Requests per minute and subject. */
  rateLimits: z
    .strictObject({
      public: budget(1200),
      read: budget(1200),
      write: budget(120),
      start: budget(60),
      stream: budget(600),
      stop: budget(600),
    })
    .prefault({}),
  /** How long a shutdown waits for runs to drain, in seconds. */
  drainSeconds: z.number().min(0).max(300).default(20),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type Settings = z.infer<typeof settingsSchema>;
export type TargetSettings = Settings['targets'][number];
