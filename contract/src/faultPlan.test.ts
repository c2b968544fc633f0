import { plannedFaultSchema } from './faultPlan.ts';

const WHEN = { atSecond: 10, forSeconds: 20 };

it.each<[object]>([
  [{ type: 'latency', severity: 'high' }],
  [{ type: 'latency', delayMs: 50, jitterMs: 50, scope: { percent: 25 }, seed: 7 }],
  [{ type: 'errors', percent: 50, status: 500, scope: { label: 'zone=a' } }],
  [{ type: 'errors', severity: 'low', scope: { pod: 'pod-1' } }],
  [{ type: 'pod-failure', severity: 'medium', restart: false }],
  [{ type: 'partition', scope: { count: 2 }, existing: 'stall' }],
])('accepts %j', (fault) => {
  expect(plannedFaultSchema.safeParse({ ...fault, ...WHEN }).success).toBe(true);
});

it.each<[object, string]>([
  [{ type: 'latency' }, 'severity'],
  [{ type: 'latency', severity: 'low', delayMs: 60 }, 'severity'],
  [{ type: 'latency', delayMs: 49 }, 'delayMs'],
  [{ type: 'latency', delayMs: 1001 }, 'delayMs'],
  [{ type: 'latency', severity: 'low', jitterMs: 51 }, 'jitterMs'],
  [{ type: 'errors', percent: 51 }, 'percent'],
  [{ type: 'errors', percent: 4 }, 'percent'],
  [{ type: 'errors', severity: 'low', status: 200 }, 'status'],
  [{ type: 'errors', severity: 'low', delayMs: 50 }, ''],
  [{ type: 'pod-failure' }, 'severity'],
  [{ type: 'pod-failure', severity: 'low', scope: { count: 1 } }, 'severity'],
  [{ type: 'partition', scope: {} }, 'scope'],
  [{ type: 'partition', scope: { count: 1, percent: 50 } }, 'scope'],
  [{ type: 'partition', scope: { percent: 101 } }, 'scope.percent'],
  [{ type: 'latency', severity: 'low', forSeconds: 601 }, 'forSeconds'],
  [{ type: 'flood' }, 'type'],
])('refuses %j', (fault, path) => {
  const parsed = plannedFaultSchema.safeParse({ ...WHEN, ...fault });
  expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
});
