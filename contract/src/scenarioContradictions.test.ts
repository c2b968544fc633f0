import { scenarioSchema } from './scenario.ts';

const RATE = { model: 'rate', stages: [{ from: 10, to: 10, durationSeconds: 30 }] };
const USERS = { model: 'users', users: 10, spawnRate: 1, durationSeconds: 30 };

function refusals(fields: object): string[] {
  const parsed = scenarioSchema.safeParse({ name: 'a', load: RATE, ...fields });
  return parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

it.each<[object, string]>([
  [{ connections: { policy: 'per-user' } }, 'connections.policy: per-user needs the users model'],
  [{ warmupSeconds: 30 }, 'warmupSeconds: must be shorter than the load profile (30 s)'],
  [{ request: { body: 'x' } }, 'request.body: GET takes no body'],
  [
    {
      mix: [
        { weight: 1, request: {} },
        { weight: 2, request: { method: 'HEAD', body: '' } },
      ],
    },
    'mix.1.request.body: HEAD takes no body',
  ],
  [
    {
      mix: [
        { weight: 1, request: {} },
        { weight: 2, request: {} },
      ],
      request: { path: '/a' },
    },
    'request: has no effect beside mix',
  ],
  [
    { faults: [{ type: 'latency', severity: 'low', atSecond: 30, forSeconds: 5 }] },
    'faults.0.atSecond: must be before the end of the load profile (30 s)',
  ],
  [{ load: USERS, breakingPoint: {} }, 'breakingPoint: needs the rate model'],
  [{ breakingPoint: { stepSeconds: 31 } }, 'breakingPoint.stepSeconds: must not be longer than the load profile'],
  [{ breakingPoint: {}, thresholds: [{ metric: 'p99', op: '<', value: 1 }] }, 'thresholds: are not judged in a search'],
  [
    { breakingPoint: {}, faults: [{ type: 'latency', severity: 'low', atSecond: 3, forSeconds: 5 }] },
    'faults: cannot be planned in a search',
  ],
])('refuses %j', (fields, start) => {
  const found = refusals(fields);
  expect(found).toHaveLength(1);
  expect(found[0]!.slice(0, start.length)).toBe(start);
});

it.each<[object]>([
  [{ load: USERS, connections: { policy: 'per-user' } }],
  [
    {
      mix: [
        { weight: 0.5, request: {} },
        { weight: 2, request: { method: 'POST', body: 'x' } },
      ],
    },
  ],
  [{ faults: [{ type: 'partition', severity: 'low', atSecond: 29, forSeconds: 5 }] }],
  [{ breakingPoint: { stepSeconds: 30 } }],
])('accepts %j', (fields) => {
  expect(refusals(fields)).toEqual([]);
});
