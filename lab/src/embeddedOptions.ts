import { isPolicyName, POLICY_NAMES, type PolicyName } from '@evenkeel/core/policies/registry';
import {
  DEFAULT_EJECTION,
  DEFAULT_RETRY,
  EmbeddedOptionError,
  factors,
  oneOf,
  parseEjection,
  parseHashKey,
  parseRetry,
  parseServiceTime,
  refuse,
  whole,
} from './flagValues.ts';
import type { ServiceTime } from './pod/serviceTime.ts';
import type { EjectionSettings, HashKey, RetrySettings } from './proxy/balancerMessages.ts';

/** What `embeddedOptions` throws. */
export { EmbeddedOptionError };

export const BALANCER_KINDS = ['embedded', 'nginx', 'haproxy'] as const;
export type BalancerKind = (typeof BALANCER_KINDS)[number];

/** What the embedded cluster is made of. */
export interface EmbeddedOptions {
  /** Number of pods, 1 to 64. */
  readonly pods: number;
  readonly serviceTime: ServiceTime;
  /** Requests that a pod works on at once. */
  readonly concurrency: number;
  /** Requests that may wait in a pod; further ones get 503. */
  readonly queue: number;
  /** Capacity factor of each pod in order; pods beyond the list have 1. Service times are divided by it. */
  readonly capacity: readonly number[];
  /** Weight of each pod for the balancer, in order; pods beyond the list have 1. */
  readonly weights: readonly number[];
  readonly policy: PolicyName;
  /** Balancer processes in front of the same pods, 1 to 16. */
  readonly balancers: number;
  readonly balancer: BalancerKind;
  readonly mode: 'request' | 'connection';
  /** Null switches retries off. */
  readonly retry: RetrySettings | null;
  /** Null switches ejection off. */
  readonly ejection: EjectionSettings | null;
  readonly hashKey: HashKey;
  /** Port of the balancer on 127.0.0.1; 0 for any free one. */
  readonly port: number;
  /** Seed of service times and of the balancer's random choices. */
  readonly seed: number;
}

export const EMBEDDED_DEFAULTS: EmbeddedOptions = {
  pods: 4,
  serviceTime: { kind: 'exponential', meanMs: 5 },
  concurrency: 64,
  queue: 1024,
  capacity: [],
  weights: [],
  policy: 'round-robin',
  balancers: 1,
  balancer: 'embedded',
  mode: 'request',
  retry: DEFAULT_RETRY,
  ejection: DEFAULT_EJECTION,
  hashKey: 'uri',
  port: 0,
  seed: 1,
};

/** One command-line flag of the embedded cluster, as the command shows and reads it. */
export interface EmbeddedFlag {
  readonly name: string;
  readonly placeholder: string;
  readonly description: string;
  readonly default: string;
  /** @throws EmbeddedOptionError */
  readonly read: (text: string) => Partial<EmbeddedOptions>;
}

export const EMBEDDED_FLAGS: readonly EmbeddedFlag[] = [
  {
    name: 'pods',
    placeholder: 'count',
    description: 'pods, each a process of its own (1-64)',
    default: '4',
    read: (text) => ({ pods: whole({ name: 'pods', text }, 1, 64) }),
  },
  {
    name: 'service-time',
    placeholder: 'time',
    description: 'how long a pod works on a request: 10ms, exp:10ms or lognormal:10ms[,sigma]',
    default: 'exp:5ms',
    read: (text) => ({ serviceTime: parseServiceTime(text) }),
  },
  {
    name: 'concurrency',
    placeholder: 'count',
    description: 'requests that a pod works on at once (1-10000)',
    default: '64',
    read: (text) => ({ concurrency: whole({ name: 'concurrency', text }, 1, 10_000) }),
  },
  {
    name: 'queue',
    placeholder: 'count',
    description: 'requests that may wait in a pod before it answers 503 (0-100000)',
    default: '1024',
    read: (text) => ({ queue: whole({ name: 'queue', text }, 0, 100_000) }),
  },
  {
    name: 'capacity',
    placeholder: 'list',
    description: 'capacity of each pod: 1,1,0.33 makes the third one three times slower',
    default: '1 for all',
    read: (text) => ({ capacity: factors({ name: 'capacity', text }, 0.01, 'capacity') }),
  },
  {
    name: 'weights',
    placeholder: 'list',
    description: 'weight of each pod for the balancer; 0 gives a pod nothing',
    default: '1 for all',
    read: (text) => ({ weights: factors({ name: 'weights', text }, 0, 'weight') }),
  },
  {
    name: 'policy',
    placeholder: 'name',
    description: `how the balancer chooses: ${POLICY_NAMES.join(', ')}`,
    default: EMBEDDED_DEFAULTS.policy,
    read: (text) => ({
      policy: isPolicyName(text) ? text : refuse({ name: 'policy', text }, `must be one of ${POLICY_NAMES.join(', ')}`),
    }),
  },
  {
    name: 'balancer',
    placeholder: 'program',
    description: 'what balances: embedded, or nginx or haproxy when installed',
    default: EMBEDDED_DEFAULTS.balancer,
    read: (text) => ({ balancer: oneOf({ name: 'balancer', text }, BALANCER_KINDS) }),
  },
  {
    name: 'balancers',
    placeholder: 'count',
    description: 'balancer processes in front of the same pods, each with its own view (1-16)',
    default: '1',
    read: (text) => ({ balancers: whole({ name: 'balancers', text }, 1, 16) }),
  },
  {
    name: 'mode',
    placeholder: 'mode',
    description: 'choose a pod per request, or per connection as kube-proxy does',
    default: EMBEDDED_DEFAULTS.mode,
    read: (text) => ({ mode: oneOf({ name: 'mode', text }, ['request', 'connection'] as const) }),
  },
  {
    name: 'retry',
    placeholder: 'rule',
    description: 'try another pod after a failure: on, off or tries=3,on=502+503',
    default: 'on',
    read: (text) => ({ retry: parseRetry(text) }),
  },
  {
    name: 'ejection',
    placeholder: 'rule',
    description: 'leave a failing pod out for a while: on, off or fails=1,for=10s,on=500+503',
    default: 'on',
    read: (text) => ({ ejection: parseEjection(text) }),
  },
  {
    name: 'hash-key',
    placeholder: 'key',
    description: 'what ring-hash and maglev hash: uri, client or header:NAME',
    default: EMBEDDED_DEFAULTS.hashKey,
    read: (text) => ({ hashKey: parseHashKey(text) }),
  },
  {
    name: 'balancer-port',
    placeholder: 'port',
    description: 'port of the balancer on 127.0.0.1; 0 for any free one',
    default: '0',
    read: (text) => ({ port: whole({ name: 'balancer-port', text }, 0, 65_535) }),
  },
];

/**
 * The options for flags as given, by name without dashes (`service-time`); what is not given has its default.
 * @throws EmbeddedOptionError
 */
export function embeddedOptions(flags: Readonly<Record<string, string | undefined>>, seed = 1): EmbeddedOptions {
  let options: EmbeddedOptions = { ...EMBEDDED_DEFAULTS, seed };
  for (const flag of EMBEDDED_FLAGS) {
    const text = flags[flag.name];
    if (text !== undefined) options = { ...options, ...flag.read(text) };
  }
  for (const name of ['capacity', 'weights'] as const) {
    const { length } = options[name];
    if (length > options.pods) {
      refuse({ name, text: options[name].join(',') }, `${length} values for ${options.pods} pods (--pods)`);
    }
  }
  if (options.weights.length === options.pods && options.weights.every((weight) => weight === 0)) {
    refuse({ name: 'weights', text: options.weights.join(',') }, 'at least one weight must be above 0');
  }
  if (options.balancer === 'nginx' && options.mode === 'connection') {
    throw new EmbeddedOptionError('--mode connection: not with --balancer nginx; use embedded or haproxy');
  }
  if (options.balancer === 'haproxy' && options.balancers > 1) {
    throw new EmbeddedOptionError('--balancers: HAProxy shares one view between its threads; use embedded or nginx');
  }
  return options;
}
