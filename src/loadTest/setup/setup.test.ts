import { STANDARD_LIMITS } from '@evenkeel/contract/limits';
import type { RequestHeaders } from '@evenkeel/contract/requestHeaders';
import { type Scenario, type ScenarioInput, scenarioSchema } from '@evenkeel/contract/scenario';
import { builtinScenarios } from '@evenkeel/core/scenarios/builtinScenarios';
import { scenarioPreview } from '@evenkeel/core/scenarios/scenarioPreview';
import { expectOf, expectText } from './expectText.ts';
import { fieldName } from './fieldName.ts';
import { headersOf, headersText } from './headersText.ts';
import { loadCurve } from './loadCurve.ts';
import { draftOf, draftProblems, isUntouched, scenarioOf, withModel } from './scenarioDraft.ts';
import { loadSummary, volumeSummary } from './scenarioSummary.ts';

const builtIn = builtinScenarios().map(({ id, scenario }) => ({
  id,
  builtIn: true,
  scenario: scenarioSchema.parse(scenario),
  updatedAt: null,
  updatedBy: null,
}));
const byId = (id: string) => builtIn.find((entry) => entry.id === id)!;

describe('the draft of a scenario', () => {
  test.each(builtIn)('$id can be started as it is, by its name', (entry) => {
    const draft = draftOf(entry.scenario, STANDARD_LIMITS, entry);
    expect(draftProblems(draft, STANDARD_LIMITS)).toEqual([]);
    expect(isUntouched(draft)).toBe(true);
    expect(scenarioOf(draft)).toEqual(entry.scenario);
  });

  test('a change is noticed, and taking it back is too', () => {
    const entry = byId('spike');
    const draft = draftOf(entry.scenario, STANDARD_LIMITS, entry);
    const changed = { ...draft, scenario: { ...draft.scenario, warmupSeconds: 1 } };
    expect(isUntouched(changed)).toBe(false);
    expect(isUntouched({ ...changed, scenario: draft.scenario })).toBe(true);
  });

  test('trying the other load model loses nothing', () => {
    const entry = byId('spike');
    const draft = draftOf(entry.scenario, STANDARD_LIMITS, entry);
    expect(scenarioOf(withModel(draft, 'users')).load).toMatchObject({ model: 'users', durationSeconds: 80 });
    expect(isUntouched(withModel(withModel(draft, 'users'), 'rate'))).toBe(true);
  });

  test('both models of every built-in scenario can be started', () => {
    for (const entry of builtIn) {
      const draft = draftOf(entry.scenario, STANDARD_LIMITS, entry);
      for (const model of ['users', 'rate'] as const) {
        expect(draftProblems(withModel(draft, model), STANDARD_LIMITS)).toEqual([]);
      }
    }
  });

  test('a rate has no users, so a connection per user becomes a pool', () => {
    const scenario: Scenario = {
      ...byId('spike').scenario,
      load: { model: 'users', users: 50, spawnRate: 10, durationSeconds: 30, thinkTimeMs: 0 },
      connections: {
        policy: 'per-user',
        count: 100,
        protocol: 'http/1.1',
        streams: 1,
        maxRequests: null,
        maxAgeSeconds: null,
        maxHeadBytes: 65_536,
      },
    };
    const draft = withModel(draftOf(scenario, STANDARD_LIMITS, null), 'rate');
    expect(scenarioOf(draft).connections.policy).toBe('round-robin');
    expect(draftProblems(draft, STANDARD_LIMITS)).toEqual([]);
  });

  test('what cannot be started is named with its field', () => {
    const draft = draftOf(byId('spike').scenario, STANDARD_LIMITS, null);
    const broken = { ...draft, rate: { ...draft.rate, stages: [{ from: -1, to: 30_000, durationSeconds: 20 }] } };
    expect(draftProblems(broken, STANDARD_LIMITS).map(({ path }) => path)).toEqual([
      'load.stages.0.from',
      'load.stages.0.to',
    ]);
  });
});

describe('what the form says about a wrong field', () => {
  test('its own name for it, what was given and what is allowed', () => {
    const entry = byId('spike');
    const draft = draftOf(entry.scenario, STANDARD_LIMITS, entry);
    const broken = {
      ...draft,
      rate: { ...draft.rate, stages: [{ from: 20_001, to: 5, durationSeconds: 20 }] },
      scenario: { ...draft.scenario, request: { ...draft.scenario.request, timeoutMs: 1 } },
    };
    expect(draftProblems(broken, STANDARD_LIMITS).map(({ path, message }) => `${fieldName(path)}: ${message}`)).toEqual(
      ['Stage 1, from: 20001 is above 20000 (allowed 0 to 20000)', 'Timeout: 1 is below 10 (allowed 10 to 120000)']
    );
  });

  test('a field that the form does not have keeps its path', () =>
    expect(fieldName('mix.0.weight')).toBe('mix.0.weight'));
});

describe('the drawn load', () => {
  const places = (line: string) =>
    [...line.matchAll(/[ML]([\d.]+),([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

  const curveOf = (input: Omit<ScenarioInput, 'name'>) =>
    loadCurve(scenarioPreview(scenarioSchema.parse({ name: 'a', ...input })), 400, 40);

  test('a ramp goes from the lower left to the upper right', () => {
    const curve = curveOf({ load: { model: 'rate', stages: [{ from: 0, to: 100, durationSeconds: 10 }] } });
    expect(curve.highest).toBe(100);
    expect(places(curve.line)).toEqual([
      [0, 40],
      [400, 0],
    ]);
  });

  test('a jump is upright', () => {
    const stages = [
      { from: 10, to: 10, durationSeconds: 7 },
      { from: 40, to: 40, durationSeconds: 7 },
    ];
    const jump = places(curveOf({ load: { model: 'rate', stages } }).line).filter(([x]) => x === 200);
    expect(jump.map(([, y]) => y)).toEqual([30, 0]);
  });

  test('a search is drawn by its steps, as the command draws it', () => {
    const { scenario } = byId('gradual-ramp');
    const preview = scenarioPreview(scenario);
    const drawn = places(loadCurve(preview, 400, 40).line);
    expect(preview.search).toBe(true);
    expect(drawn).toEqual(
      preview.points.map(({ second, level }) => [
        expect.closeTo((400 * second) / preview.seconds, 1),
        expect.closeTo(40 - (40 * level) / 10_000, 1),
      ])
    );
  });

  test('a load that cannot be drawn draws nothing', () => {
    const { scenario } = byId('spike');
    for (const stages of [
      [],
      [{ from: 0, to: 0, durationSeconds: 10 }],
      [{ from: Number.NaN, to: 1, durationSeconds: 1 }],
    ]) {
      for (const breakingPoint of [undefined, byId('gradual-ramp').scenario.breakingPoint]) {
        const preview = scenarioPreview({ ...scenario, load: { model: 'rate', stages }, breakingPoint });
        expect(loadCurve(preview, 400, 40).line).toBe('');
      }
    }
  });

  test('scenarios in few words', () => {
    expect(builtIn.map(({ scenario }) => loadSummary(scenario))).toEqual([
      'up to 1,000 requests/s, 1 min 5 s',
      'up to 600 requests/s, 1 min 20 s',
      'up to 200 requests/s, 10 min',
      '50 to 10,000 requests/s',
    ]);
    expect(volumeSummary(byId('high-traffic').scenario)).toBe('About 62,500 requests in 1 min 5 s.');
    expect(volumeSummary(byId('gradual-ramp').scenario)).toMatch(/^Searches the breaking point/);
  });
});

test('headers survive being text', () => {
  const headers: RequestHeaders = [
    ['Accept', 'a/b'],
    ['X-Time', '12:30'],
    ['accept', 'c/d'],
    ['Accept', ''],
  ];
  expect(headersOf(headersText(headers))).toEqual(headers);
  expect(headersOf('  A :  b \n\nbroken\nA:\u00a0c')).toEqual([
    ['A', 'b'],
    ['broken', ''],
    ['A', '\u00a0c'],
  ]);
});

test('expected statuses survive the text field; what is none is refused by the scenario, with the field', () => {
  expect(expectOf(expectText(['2xx', 404]))).toEqual(['2xx', '404']);
  expect(expectOf(' 2xx,404  3xx ')).toEqual(['2xx', '404', '3xx']);
  const { scenario } = byId('spike');
  const draft = draftOf(
    { ...scenario, request: { ...scenario.request, expect: expectOf('2xx, fine') } },
    STANDARD_LIMITS,
    null
  );
  expect(draftProblems(draft, STANDARD_LIMITS).map(({ path }) => path)).toEqual(['request.expect.1']);
});
