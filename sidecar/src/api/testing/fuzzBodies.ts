import fc from 'fast-check';

/** Ids that are there, or may be by now, in the fake service. */
export const validId = fc.constantFrom(
  'steady',
  'run-1',
  'run-2',
  'run-3',
  'fault-1',
  'fault-2',
  'shop',
  'basket',
  'mine',
  'a'.repeat(64),
  'nothing'
);
/** Numbers of every kind that JSON knows, and some that it does not. */
export const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, 1, 10, 100, 1e21, -1, 2 ** 53));
const scenario = fc.record(
  {
    name: fc.oneof(fc.string({ maxLength: 120 }), fc.string({ unit: 'binary', maxLength: 20 })),
    description: fc.string({ unit: 'grapheme' }),
    kind: fc.constantFrom('high-traffic', 'spike', 'sustained', 'gradual-ramp', 'custom', 'other'),
    load: fc.oneof(
      fc.record({
        model: fc.constant('users'),
        users: fc.integer({ min: 10, max: 1000 }),
        spawnRate: fc.integer({ min: 1, max: 100 }),
        durationSeconds: fc.integer({ min: 10, max: 600 }),
      }),
      fc.record({
        model: fc.constant('rate'),
        stages: fc.array(fc.record({ from: number, to: number, durationSeconds: number }), { maxLength: 3 }),
      })
    ),
    warmupSeconds: fc.oneof(fc.constant(0), number),
    labels: fc.dictionary(fc.string(), fc.string()),
    thresholds: fc.array(fc.anything(), { maxLength: 2 }),
  },
  { requiredKeys: ['load'] }
);
const plain = fc.record({
  name: fc.string({ minLength: 1, maxLength: 100 }),
  load: fc.record({
    model: fc.constant('users'),
    users: fc.integer({ min: 10, max: 1000 }),
    spawnRate: fc.integer({ min: 1, max: 100 }),
    durationSeconds: fc.integer({ min: 10, max: 600 }),
  }),
});

const scope = fc.oneof(
  fc.record({ pod: fc.constantFrom('pod-1', 'pod-2', 'pod-9', '..') }),
  fc.record({ count: fc.integer({ min: 0, max: 5 }) }),
  fc.record({ percent: number }),
  fc.record({ label: fc.constantFrom('zone=a', 'zone=c', 'zone', '=') }),
  fc.constant({}),
  fc.constant({ pod: 'pod-1', count: 1 })
);
const fault = fc.record(
  {
    type: fc.constantFrom('latency', 'errors', 'pod-failure', 'partition', 'other'),
    severity: fc.constantFrom('low', 'medium', 'high', 'extreme'),
    forSeconds: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 600 }) }, { weight: 1, arbitrary: number }),
    scope,
    seed: fc.oneof(fc.nat(), number),
    delayMs: number,
    jitterMs: number,
    percent: number,
    restart: fc.boolean(),
    existing: fc.constantFrom('cut', 'stall', 'both'),
  },
  { requiredKeys: ['type', 'forSeconds'] }
);
const likelyFault = fc.record(
  {
    type: fc.constantFrom('latency', 'errors', 'pod-failure', 'partition'),
    severity: fc.constantFrom('low', 'medium'),
    forSeconds: fc.integer({ min: 1, max: 600 }),
    seed: fc.nat(),
  },
  { requiredKeys: ['type', 'severity', 'forSeconds'] }
);

const labels = fc.dictionary(
  fc.oneof(fc.stringMatching(/^[A-Za-z0-9_.-]{1,63}$/), fc.constantFrom('__proto__', 'toString', '')),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  { maxKeys: 22 }
);
/** Bodies of every route, valid and broken: all for any route. */
export const bodies: fc.Arbitrary<string | undefined> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ targetId: validId, scenarioId: validId, note: fc.string() }).map((b) => JSON.stringify(b)),
  },
  { weight: 3, arbitrary: fc.record({ targetId: validId, scenario: plain }).map((b) => JSON.stringify(b)) },
  { weight: 3, arbitrary: fc.record({ scenario: plain }).map((b) => JSON.stringify(b)) },
  { weight: 2, arbitrary: fc.record({ targetId: validId, scenario, labels }).map((b) => JSON.stringify(b)) },
  {
    weight: 3,
    arbitrary: fc
      .record({ labels, note: fc.string({ unit: 'grapheme' }), baseline: fc.boolean() }, { requiredKeys: [] })
      .map((b) => JSON.stringify(b)),
  },
  {
    weight: 1,
    arbitrary: fc.record({ reason: fc.string({ unit: 'grapheme', maxLength: 600 }) }).map((b) => JSON.stringify(b)),
  },
  {
    weight: 3,
    arbitrary: fc.record({ targetId: fc.constant('shop'), fault: likelyFault }).map((b) => JSON.stringify(b)),
  },
  { weight: 2, arbitrary: fc.record({ targetId: validId, fault }).map((b) => JSON.stringify(b)) },
  {
    weight: 2,
    arbitrary: fc
      .record({ targetId: validId, load: plain, faults: fc.array(fault, { maxLength: 3 }) })
      .map(({ targetId, load, faults }) => JSON.stringify({ targetId, scenario: { ...load, faults } })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record(
        {
          text: fc.oneof(
            fc.string({ unit: 'binary' }),
            plain.map((p) => JSON.stringify(p))
          ),
          id: validId,
        },
        { requiredKeys: ['text'] }
      )
      .map((b) => JSON.stringify(b)),
  },
  { weight: 2, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 1, arbitrary: fc.constant(undefined) }
);
