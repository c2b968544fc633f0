import { type ScenarioInput, scenarioSchema } from '@evenkeel/contract/scenario';
import { ArrivalSchedule } from '../schedule/arrivalSchedule.ts';
import { builtinScenarios, gradualRamp, spike } from './builtinScenarios.ts';
import { type PreviewPoint, scenarioPreview } from './scenarioPreview.ts';

const preview = (input: ScenarioInput) => scenarioPreview(scenarioSchema.parse(input));
const pairs = (points: readonly PreviewPoint[]) => points.map(({ second, level }) => [second, level]);

it('draws stages as they are, jumps as jumps', () => {
  const { points, seconds, warmupSeconds, search } = preview(spike());
  expect(pairs(points)).toEqual([
    [0, 200],
    [20, 200],
    [20, 600],
    [40, 600],
    [40, 200],
    [80, 200],
  ]);
  expect({ seconds, warmupSeconds, search }).toEqual({ seconds: 80, warmupSeconds: 5, search: false });
});

it('draws users as they come, also when the time is too short for all of them', () => {
  const users = (count: number, spawnRate: number) =>
    preview({ name: 'a', load: { model: 'users', users: count, spawnRate, durationSeconds: 60 } });
  expect(pairs(users(100, 10).points)).toEqual([
    [0, 0],
    [10, 100],
    [60, 100],
  ]);
  expect(pairs(users(1000, 10).points).slice(0, 2)).toEqual([
    [0, 0],
    [60, 600],
  ]);
});

it('draws the doubling of a search', () => {
  const { points, search, seconds } = preview(gradualRamp({ toRate: 300 }));
  expect(pairs(points)).toEqual([
    [0, 50],
    [10, 50],
    [10, 0],
    [12, 0],
    [12, 100],
    [22, 100],
    [22, 0],
    [24, 0],
    [24, 200],
    [34, 200],
    [34, 0],
    [36, 0],
    [36, 300],
    [46, 300],
  ]);
  expect({ search, seconds }).toEqual({ search: true, seconds: 46 });
});

it('agrees with what the engine will send', () => {
  for (const { scenario } of builtinScenarios().filter(({ id }) => id !== 'gradual-ramp')) {
    const parsed = scenarioSchema.parse(scenario);
    const { points } = scenarioPreview(parsed);
    let area = 0;
    for (let i = 1; i < points.length; i++) {
      area += ((points[i]!.level + points[i - 1]!.level) / 2) * (points[i]!.second - points[i - 1]!.second);
    }
    if (parsed.load.model !== 'rate') throw new Error('no rate');
    expect(area).toBe(new ArrivalSchedule(parsed.load.stages).total);
  }
});
