import { scenarioSchema } from '@evenkeel/contract/scenario';
import { ArrivalSchedule } from '../schedule/arrivalSchedule.ts';
import { builtinScenarios, gradualRamp, highTraffic, spike, sustained } from './builtinScenarios.ts';

const parse = (input: unknown) => scenarioSchema.parse(input);

function scheduleOf(input: unknown): ArrivalSchedule {
  const { load } = parse(input);
  if (load.model !== 'rate') throw new Error('no rate');
  return new ArrivalSchedule(load.stages);
}

it('offers the four kinds, each valid within the limits that the sliders offer', () => {
  const all = builtinScenarios();
  expect(all.map(({ id }) => id)).toEqual(['high-traffic', 'spike', 'sustained', 'gradual-ramp']);
  for (const { id, scenario } of all) expect(parse(scenario).kind).toBe(id);
});

it.each([
  ['high-traffic', highTraffic(), 62_500, 65, 1000],
  ['high-traffic', highTraffic({ rate: 2000, seconds: 30 }), 65_000, 35, 2000],
  ['spike', spike(), 24_000, 80, 600],
  ['spike', spike({ baseRate: 100, multiple: 5 }), 16_000, 80, 500],
  ['sustained', sustained(), 119_000, 600, 200],
  ['gradual-ramp', gradualRamp(), 3_015_000, 600, 10_000],
] as const)('%s sends exactly its number of requests', (_id, input, requests, seconds, peak) => {
  const profile = scheduleOf(input);
  expect(profile.total).toBe(requests);
  expect(profile.durationSeconds).toBe(seconds);
  const levels = Array.from({ length: seconds * 10 + 1 }, (_, i) => profile.rateAt(i / 10 - 1e-9));
  expect(Math.max(...levels)).toBeCloseTo(peak, 3);
});

it.each([
  [undefined, [95, 90, 95]],
  [80, [80, 75, 80]],
  [3, [3, 0, 3]],
  [0, [0, 0, 0]],
])('asks for the score that its target is judged by, and for a little less in a spike: %p', (targetPercent, asked) => {
  const scores = builtinScenarios(targetPercent).flatMap(({ scenario }) =>
    parse(scenario).thresholds.flatMap(({ metric, value }) => (metric === 'balance' ? [value] : []))
  );
  expect(scores).toEqual(asked);
});

it('jumps to three times the load and back at once', () => {
  const schedule = scheduleOf(spike());
  expect([19.999, 20, 39.999, 40].map((t) => schedule.rateAt(t))).toEqual([200, 600, 600, 200]);
});

it('holds at least 1,000 requests/s for the whole judged part of high traffic', () => {
  const schedule = scheduleOf(highTraffic());
  for (let t = parse(highTraffic()).warmupSeconds; t < schedule.durationSeconds; t++) {
    expect(schedule.rateAt(t)).toBe(1000);
  }
});

it('searches the breaking point in the ramp, with every limit filled in', () => {
  expect(parse(gradualRamp()).breakingPoint).toEqual({
    stepSeconds: 10,
    cooldownSeconds: 2,
    p95Ms: 500,
    errorPercent: 1,
    balancePercent: null,
    precisionPercent: 5,
    requiredRate: null,
  });
});
