import { searchRange } from './searchRange.ts';

it.each([
  [[{ from: 50, to: 5000 }], 50, 5000],
  [[{ from: 5000, to: 50 }], 50, 5000],
  [[{ from: 300, to: 300 }], 300, 300],
  [[{ from: 0, to: 5000 }], 50, 5000],
  [[{ from: 0, to: 20 }], 1, 20],
  [[{ from: 0, to: 0.5 }], 0.5, 0.5],
  [
    [
      { from: 10, to: 0 },
      { from: 70, to: 80 },
    ],
    1,
    80,
  ],
])('%j is searched from %d to %d', (stages, startRate, maxRate) => {
  const timed = stages.map((stage) => ({ ...stage, durationSeconds: 10 }));
  expect(searchRange(timed)).toEqual({ startRate, maxRate });
});
