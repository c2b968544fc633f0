import type { Random } from '../random/random.ts';
import { LeastConnections } from './leastConnections.ts';
import { Maglev } from './maglev.ts';
import { PeakEwma } from './peakEwma.ts';
import type { Policy } from './policy.ts';
import { PowerOfTwoChoices } from './powerOfTwoChoices.ts';
import { RingHash } from './ringHash.ts';
import { RoundRobin } from './roundRobin.ts';
import { SmoothWeightedRoundRobin } from './smoothWeightedRoundRobin.ts';
import { WeightedRandom } from './weightedRandom.ts';

export const POLICY_NAMES = [
  'round-robin',
  'weighted-round-robin',
  'random',
  'power-of-two-choices',
  'least-connections',
  'peak-ewma',
  'ring-hash',
  'maglev',
] as const;

export type PolicyName = (typeof POLICY_NAMES)[number];

export interface PolicyEntry {
  readonly name: PolicyName;
  /** One line for people. */
  readonly description: string;
  /** Whether the choice depends on the request's key. */
  readonly hashes: boolean;
  readonly create: (random: Random) => Policy;
}

export const POLICIES: Readonly<Record<PolicyName, PolicyEntry>> = {
  'round-robin': {
    name: 'round-robin',
    description: 'each pod in turn, whatever its weight',
    hashes: false,
    create: (random) => new RoundRobin(random),
  },
  'weighted-round-robin': {
    name: 'weighted-round-robin',
    description: 'turns in proportion to the weights, spread smoothly (nginx default)',
    hashes: false,
    create: () => new SmoothWeightedRoundRobin(),
  },
  random: {
    name: 'random',
    description: 'at random, in proportion to the weights',
    hashes: false,
    create: (random) => new WeightedRandom(random),
  },
  'power-of-two-choices': {
    name: 'power-of-two-choices',
    description: 'two pods at random, the one with fewer outstanding requests wins',
    hashes: false,
    create: (random) => new PowerOfTwoChoices(random),
  },
  'least-connections': {
    name: 'least-connections',
    description: 'the pod with the fewest outstanding requests of all; ties rotate',
    hashes: false,
    create: () => new LeastConnections(),
  },
  'peak-ewma': {
    name: 'peak-ewma',
    description: 'two pods at random, the lower recent peak latency times outstanding requests wins (Linkerd default)',
    hashes: false,
    create: (random) => new PeakEwma(random),
  },
  'ring-hash': {
    name: 'ring-hash',
    description: 'consistent hashing of the request key on a ring',
    hashes: true,
    create: () => new RingHash(),
  },
  maglev: {
    name: 'maglev',
    description: 'consistent hashing of the request key by a Maglev table',
    hashes: true,
    create: () => new Maglev(),
  },
};

export function isPolicyName(name: string): name is PolicyName {
  return Object.hasOwn(POLICIES, name);
}
