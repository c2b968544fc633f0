import type { ScenarioInput } from '@evenkeel/contract/scenario';

/** The largest scenario that a body of 256 kB holds: many headers, long bodies. */
export const LARGE_SCENARIO: ScenarioInput = {
  name: 'n'.repeat(100),
  description: '\u00e9'.repeat(1000),
  load: { model: 'rate', stages: Array.from({ length: 50 }, () => ({ from: 1, to: 2, durationSeconds: 12 })) },
  mix: Array.from({ length: 20 }, (_, i) => ({
    weight: 1,
    request: {
      method: 'POST' as const,
      path: `/${'p'.repeat(2000)}`,
      headers: Object.fromEntries(Array.from({ length: 50 }, (_, h) => [`x-${h}`, 'v'.repeat(60)])),
      body: 'a body\n'.repeat(i < 2 ? 6500 : 50),
    },
  })),
  thresholds: Array.from({ length: 20 }, () => ({ metric: 'p99' as const, op: '<' as const, value: 500 })),
  faults: Array.from({ length: 20 }, (_, i) => ({
    type: 'pod-failure' as const,
    severity: 'low' as const,
    forSeconds: 1,
    atSecond: 20 * i,
  })),
};
