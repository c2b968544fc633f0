import { type ScenarioInput, scenarioSchema } from '@evenkeel/contract/scenario';
import { gradualRamp, highTraffic, spike } from './builtinScenarios.ts';
import { previewText } from './previewText.ts';
import { scenarioPreview } from './scenarioPreview.ts';

const text = (input: ScenarioInput, width?: number) => previewText(scenarioPreview(scenarioSchema.parse(input)), width);

it.each<[string, ScenarioInput, number, string]>([
  ['a spike', spike(), 16, '▃▃▃▃████▃▃▃▃▃▃▃▃  up to 600 requests/s, 80 s'],
  ['a ramp to a level', highTraffic({ seconds: 15 }), 8, '▄███████  up to 1000 requests/s, 20 s'],
  ['a search', gradualRamp({ toRate: 400 }), 23, '▁▁▁▁▁ ▂▂▂▂▂ ▄▄▄▄▄ █████  searches up to 400 requests/s'],
  [
    'users',
    { name: 'a', load: { model: 'users', users: 40, spawnRate: 4, durationSeconds: 20 } },
    8,
    '▂▄▆█████  up to 40 users, 20 s',
  ],
])('draws %s', (_name, input, width, expected) => {
  expect(text(input, width)).toBe(expected);
});

it('never loses a spike that is shorter than a column', () => {
  const stages = [
    { from: 10, to: 10, durationSeconds: 300 },
    { from: 1000, to: 1000, durationSeconds: 1 },
    { from: 10, to: 10, durationSeconds: 299 },
  ];
  expect(text({ name: 'a', load: { model: 'rate', stages } })).toMatch(/^▁{30}█▁{29} /);
});
