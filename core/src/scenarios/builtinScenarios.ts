import type { ScenarioInput } from '@evenkeel/contract/scenario';
import { DEFAULT_TARGET_PERCENT } from '@evenkeel/contract/targetPercent';

/** A scenario that comes with the product. Its id is its kind; it cannot be changed, only duplicated. */
export interface BuiltinScenario {
  readonly id: 'high-traffic' | 'spike' | 'sustained' | 'gradual-ramp';
  readonly scenario: ScenarioInput;
}

/** The four built-in scenarios in the order in which they are offered, for a target that is balanced from this score on. */
export function builtinScenarios(targetPercent = DEFAULT_TARGET_PERCENT): readonly BuiltinScenario[] {
  return [
    { id: 'high-traffic', scenario: highTraffic({ targetPercent }) },
    { id: 'spike', scenario: spike({ targetPercent }) },
    { id: 'sustained', scenario: sustained({ targetPercent }) },
    { id: 'gradual-ramp', scenario: gradualRamp() },
  ];
}

/**
 * Each connection carries one request at a time. So many of them let 1,000 requests/s of half a second each through (Little's law);
 * with fewer, requests of a slow service would be held back here and its queue would never be seen.
 */
const MANY_CONNECTIONS = { policy: 'round-robin', count: 500 } as const;

/** How far below its target the score may fall in a spike, in percent. */
const SPIKE_ALLOWANCE = 5;

/** Sustained high load: up to `rate` requests/s in 5 s, then `seconds` at it. 62,500 requests by default. */
export function highTraffic({ rate = 1000, seconds = 60, targetPercent = DEFAULT_TARGET_PERCENT } = {}): ScenarioInput {
  return {
    name: 'High traffic',
    description: 'Many requests per second for a minute: does the service keep its speed, and is every pod in use?',
    kind: 'high-traffic',
    load: {
      model: 'rate',
      stages: [
        { from: 0, to: rate, durationSeconds: 5 },
        { from: rate, to: rate, durationSeconds: seconds },
      ],
    },
    connections: MANY_CONNECTIONS,
    warmupSeconds: 5,
    thresholds: [
      { metric: 'p99', op: '<', value: 500 },
      { metric: 'errorRate', op: '<', value: 1 },
      { metric: 'balance', op: '>=', value: targetPercent },
      { metric: 'errorRate', op: '<', value: 50, overSeconds: 10, abort: true },
    ],
  };
}

/**
 * A base rate, a jump to `multiple` of it, and back to the base for long enough to see the recovery.
 * 24,000 requests by default.
 */
export function spike({
  baseRate = 200,
  multiple = 3,
  baseSeconds = 20,
  holdSeconds = 20,
  recoverySeconds = 40,
  targetPercent = DEFAULT_TARGET_PERCENT,
} = {}): ScenarioInput {
  const peakRate = baseRate * multiple;
  return {
    name: 'Spike',
    description: `A sudden jump to ${multiple} times the load and back: what breaks, and how long until it is as before?`,
    kind: 'spike',
    load: {
      model: 'rate',
      stages: [
        { from: baseRate, to: baseRate, durationSeconds: baseSeconds },
        { from: peakRate, to: peakRate, durationSeconds: holdSeconds },
        { from: baseRate, to: baseRate, durationSeconds: recoverySeconds },
      ],
    },
    connections: MANY_CONNECTIONS,
    warmupSeconds: 5,
    thresholds: [
      { metric: 'errorRate', op: '<', value: 5 },
      { metric: 'balance', op: '>=', value: Math.max(0, targetPercent - SPIKE_ALLOWANCE) },
    ],
  };
}

/** Moderate load for `seconds`, in which drift of latency, errors and balance is looked for. 119,000 requests by default. */
export function sustained({ rate = 200, seconds = 590, targetPercent = DEFAULT_TARGET_PERCENT } = {}): ScenarioInput {
  return {
    name: 'Sustained',
    description: 'Ten minutes of steady load: does latency, the error rate or the balance drift over time?',
    kind: 'sustained',
    load: {
      model: 'rate',
      stages: [
        { from: 0, to: rate, durationSeconds: 10 },
        { from: rate, to: rate, durationSeconds: seconds },
      ],
    },
    warmupSeconds: 10,
    thresholds: [
      { metric: 'p99', op: '<', value: 500 },
      { metric: 'errorRate', op: '<', value: 1 },
      { metric: 'balance', op: '>=', value: targetPercent },
      { metric: 'errorRate', op: '<', value: 50, overSeconds: 30, abort: true },
    ],
  };
}

/** Ever more load between two rates until the service gives way: the breaking point is searched, for at most `seconds`. */
export function gradualRamp({ fromRate = 50, toRate = 10_000, seconds = 600 } = {}): ScenarioInput {
  return {
    name: 'Gradual ramp',
    description: 'More and more load until the service gives way: how many requests per second does it take?',
    kind: 'gradual-ramp',
    load: { model: 'rate', stages: [{ from: fromRate, to: toRate, durationSeconds: seconds }] },
    connections: MANY_CONNECTIONS,
    breakingPoint: {},
  };
}
