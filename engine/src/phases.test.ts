import { phaseOf, phasePlan } from './phases.ts';

test.each([
  [2, 10, 2, 10],
  [0, 10, 0, 10],
  [2.5, 10, 3, 10],
  [2, 10.5, 2, 11],
  [9.5, 10, 9, 10],
  [0.5, 1, 0, 1],
])('warm-up %d s of %d s: measuring from %d, draining from %d', (warmup, duration, measuringFrom, drainingFrom) => {
  expect(phasePlan(warmup, duration)).toEqual({ measuringFrom, drainingFrom, sendingSeconds: duration });
});

test('a second belongs to the phase in which it began', () => {
  const plan = phasePlan(2, 4);
  expect([0, 1, 2, 3, 4, 5].map((second) => phaseOf(second, plan))).toEqual([
    'warming',
    'warming',
    'measuring',
    'measuring',
    'draining',
    'draining',
  ]);
  expect([1, 2, 3].map((second) => phaseOf(second, plan, 2.4))).toEqual(['warming', 'measuring', 'draining']);
});
