import { scenarioSchema } from '@evenkeel/contract/scenario';
import { gradualRamp, highTraffic, spike, sustained } from './builtinScenarios.ts';
import { steadyFrom } from './steadyPart.ts';

const rate = (...levels: [from: number, to: number, seconds: number][]) => ({
  name: 'a',
  load: { model: 'rate', stages: levels.map(([from, to, durationSeconds]) => ({ from, to, durationSeconds })) },
});
const users = (count: number, spawnRate: number) => ({
  name: 'a',
  load: { model: 'users', users: count, spawnRate, durationSeconds: 60 },
});

it.each<[object, number | null]>([
  [highTraffic(), 5],
  [sustained(), 10],
  [spike(), 40],
  [gradualRamp(), null],
  [rate([100, 100, 30]), 2],
  [rate([100, 100, 30], [100, 104, 30]), 2],
  [rate([100, 100, 30], [100, 110, 30]), null],
  [rate([50, 50, 10], [100, 100, 20]), 10],
  [users(100, 10), 10],
  [users(10, 100), 2],
  [users(100, 1), null],
])('%j is steady from second %p', (input, from) => {
  expect(steadyFrom(scenarioSchema.parse(input))).toBe(from);
});
