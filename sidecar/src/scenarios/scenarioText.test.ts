import { inputExcess } from '@evenkeel/contract/inputBounds';
import { WIDEST_LIMITS } from '@evenkeel/contract/limits';
import { linesSchema, nameSchema } from '@evenkeel/contract/plainText';
import { type Scenario, scenarioSchema } from '@evenkeel/contract/scenario';
import { MAX_SCENARIO_BYTES } from '@evenkeel/contract/scenarioFile';
import { builtinScenarios, highTraffic } from '@evenkeel/core/scenarios/builtinScenarios';
import fc from 'fast-check';
import { LARGE_SCENARIO } from '../../../bench/support/abuse/largeScenario.ts';
import { worstScenarios, worstTexts } from '../../../bench/support/abuse/worstTexts.ts';
import { formatScenarioText, parseScenarioText, ScenarioTextError } from './scenarioText.ts';

/** Between them these hold every field that a scenario may have. */
const FULL: Record<'users' | 'rate' | 'search', Record<string, unknown>> = {
  users: {
    version: 1,
    name: 'Shop',
    description: 'People who browse',
    kind: 'custom',
    load: { model: 'users', users: 50, spawnRate: 10, durationSeconds: 60, thinkTimeMs: 100 },
    request: { method: 'POST', path: '/cart', headers: { accept: 'text/plain' }, body: 'x', timeoutMs: 2000 },
    connections: { policy: 'per-user', count: 100, maxRequests: 50, maxAgeSeconds: 30 },
    warmupSeconds: 2,
    drainSeconds: 5,
    thresholds: [{ metric: 'p99', op: '<', value: 500, overSeconds: 10, forSeconds: 5, abort: true }],
    faults: [
      { type: 'latency', delayMs: 100, jitterMs: 10, scope: { pod: 'pod-1' }, atSecond: 10, forSeconds: 20, seed: 7 },
      { type: 'errors', percent: 20, status: 500, scope: { count: 2 }, atSecond: 10, forSeconds: 20 },
      { type: 'pod-failure', severity: 'high', restart: false, atSecond: 10, forSeconds: 20 },
      { type: 'partition', scope: { percent: 50 }, existing: 'stall', atSecond: 10, forSeconds: 20 },
      { type: 'latency', severity: 'low', scope: { label: 'zone=a' }, atSecond: 10, forSeconds: 20 },
    ],
  },
  rate: {
    name: 'Mixed',
    load: { model: 'rate', stages: [{ from: 10, to: 100, durationSeconds: 60 }] },
    mix: [
      { weight: 3, request: { method: 'GET', path: '/a' } },
      { weight: 1.5, request: { method: 'PUT', path: '/b', headers: {}, body: 'y', timeoutMs: 100 } },
    ],
    connections: { policy: 'round-robin', count: 10, protocol: 'http/2', streams: 2 },
  },
  search: {
    name: 'Search',
    load: { model: 'rate', stages: [{ from: 10, to: 100, durationSeconds: 60 }] },
    breakingPoint: {
      stepSeconds: 10,
      cooldownSeconds: 2,
      p95Ms: 500,
      errorPercent: 1,
      balancePercent: 90,
      precisionPercent: 5,
      requiredRate: 50,
    },
  },
};

/** Both ends of every number, as the documentation states them. */
const RANGES: readonly [keyof typeof FULL, string, number, number][] = [
  ['users', 'load.users', 10, 1000],
  ['users', 'load.spawnRate', 1, 100],
  ['users', 'load.durationSeconds', 10, 600],
  ['users', 'load.thinkTimeMs', 0, 60_000],
  ['users', 'request.timeoutMs', 10, 120_000],
  ['users', 'connections.count', 1, 10_000],
  ['rate', 'connections.streams', 1, 250],
  ['users', 'connections.maxRequests', 1, 1_000_000],
  ['users', 'connections.maxAgeSeconds', 0.1, 86_400],
  ['users', 'warmupSeconds', 0, 120],
  ['users', 'drainSeconds', 0, 60],
  ['users', 'thresholds.0.value', 0, 1_000_000],
  ['users', 'thresholds.0.overSeconds', 1, 600],
  ['users', 'thresholds.0.forSeconds', 0, 600],
  ['users', 'faults.0.delayMs', 50, 1000],
  ['users', 'faults.0.jitterMs', 0, 1000],
  ['users', 'faults.0.atSecond', 0, 86_400],
  ['users', 'faults.0.forSeconds', 1, 600],
  ['users', 'faults.0.seed', 0, 0xffff_ffff],
  ['users', 'faults.1.percent', 5, 50],
  ['users', 'faults.1.status', 400, 599],
  ['users', 'faults.1.scope.count', 1, 1000],
  ['users', 'faults.3.scope.percent', 1, 100],
  ['rate', 'load.stages.0.from', 0, 20_000],
  ['rate', 'load.stages.0.to', 0, 20_000],
  ['rate', 'load.stages.0.durationSeconds', 0, 600],
  ['rate', 'mix.1.weight', 0.001, 1000],
  ['rate', 'mix.1.request.timeoutMs', 10, 120_000],
  ['search', 'breakingPoint.stepSeconds', 5, 120],
  ['search', 'breakingPoint.cooldownSeconds', 0, 300],
  ['search', 'breakingPoint.p95Ms', 1, 120_000],
  ['search', 'breakingPoint.errorPercent', 0, 100],
  ['search', 'breakingPoint.balancePercent', 0, 100],
  ['search', 'breakingPoint.precisionPercent', 1, 50],
  ['search', 'breakingPoint.requiredRate', 0, 200_000],
];

type Path = readonly (string | number)[];
const keysOf = (path: string): Path => path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));

/** A copy in which the value at a path is another one; `undefined` takes it out. */
function changed<T>(value: T, [key, ...rest]: Path, to: unknown): T {
  if (key === undefined) return to as T;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string | number, unknown>;
  copy[key] = changed(copy[key], rest, to);
  if (copy[key] === undefined) delete copy[key];
  return copy as T;
}

/** Every field, groups and lists included. */
function pathsOf(value: unknown, above: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [above];
  const below = Object.keys(value).flatMap((key) =>
    pathsOf((value as Record<string, unknown>)[key], [...above, Array.isArray(value) ? Number(key) : key])
  );
  return above.length === 0 ? below : [above, ...below];
}

function refusals(text: string): ScenarioTextError['problems'] {
  try {
    parseScenarioText(text);
    return [];
  } catch (error) {
    if (error instanceof ScenarioTextError) return error.problems;
    throw error;
  }
}

const everyPath = Object.entries(FULL).flatMap(([name, scenario]) =>
  pathsOf(scenario).map((path): [string, string] => [name, path.join('.')])
);

it('accepts the scenarios that are broken below', () => {
  for (const scenario of Object.values(FULL)) expect(refusals(JSON.stringify(scenario))).toEqual([]);
});

describe('a file with one broken field is refused with its path', () => {
  it.each(everyPath)('%s: %s of another type', (name, field) => {
    const full = FULL[name as keyof typeof FULL];
    for (const wrong of [[[]], { deep: { er: 1 } }, false, 'ü', -1e9, null]) {
      const given = keysOf(field).reduce<unknown>(
        (value, key) => (value as Record<string | number, unknown>)[key],
        full
      );
      if (typeof wrong === typeof given && typeof wrong !== 'object') continue;
      if (wrong === null && nullable(field)) continue;
      const problems = refusals(JSON.stringify(changed(full, keysOf(field), wrong), null, 2));
      expect(problems.length).toBeGreaterThan(0);
      for (const problem of problems) {
        expect(problem.field.startsWith(field)).toBe(true);
        expect(problem.line).not.toBeNull();
        expect(problem.message).not.toMatch(/Invalid|expected|undefined/);
      }
    }
  });

  it.each(RANGES)('%s: %s out of %d to %d', (name, field, min, max) => {
    for (const [wrong, side] of [
      [min - 1, `below ${min}`],
      [max + 1, `above ${max}`],
    ] as const) {
      const problems = refusals(JSON.stringify(changed(FULL[name], keysOf(field), wrong)));
      expect(problems.map((problem) => [problem.field, problem.message])).toContainEqual([
        field,
        `${wrong} is ${side} (allowed ${min} to ${max})`,
      ]);
    }
  });

  it('has both ends of every number in that table', () => {
    const numbers = Object.entries(FULL).flatMap(([name, scenario]) =>
      pathsOf(scenario)
        .filter(
          (path) =>
            typeof path.reduce<unknown>((v, key) => (v as Record<string | number, unknown>)[key], scenario) === 'number'
        )
        .map((path) => path.join('.').replace(/\d+\.weight/, '1.weight'))
        .filter((field) => !/^(version|faults\.[1-4]\.(atSecond|forSeconds))$/.test(field))
        .map((field) => `${name} ${field}`)
    );
    const shared = /^(rate|search) (load|connections)/;
    const covered = new Set(RANGES.map(([name, field]) => `${name} ${field}`));
    expect([...new Set(numbers)].filter((number) => !covered.has(number) && !shared.test(number))).toEqual([]);
  });

  it.each(everyPath.filter(([name, field]) => isGroup(name, field)))('%s: %s with an unknown field', (name, field) => {
    const full = FULL[name as keyof typeof FULL];
    const problems = refusals(JSON.stringify(changed(full, [...keysOf(field), 'colour'], 'red')));
    expect(problems.map((problem) => problem.field)).toContain(`${field}.colour`);
  });

  it('names an unknown field at the top', () => {
    expect(refusals(JSON.stringify({ ...FULL.rate, threshold: [] }))).toEqual([
      { field: 'threshold', message: 'unknown field; did you mean thresholds?', line: 1 },
    ]);
  });

  it.each(['name', 'load', 'load.model', 'load.users', 'load.spawnRate', 'load.durationSeconds'])(
    '%s missing',
    (field) => {
      const [problem] = refusals(JSON.stringify(changed(FULL.users, keysOf(field), undefined)));
      expect(problem).toMatchObject({ field, message: expect.stringMatching(/^is missing/) });
    }
  );

  function isGroup(name: string, field: string): boolean {
    if (/headers$/.test(field)) return false;
    const value = keysOf(field).reduce<unknown>(
      (v, key) => (v as Record<string | number, unknown>)[key],
      FULL[name as keyof typeof FULL]
    );
    return typeof value === 'object' && !Array.isArray(value);
  }
});

function nullable(field: string): boolean {
  return /(path|body|maxRequests|maxAgeSeconds|balancePercent|requiredRate)$/.test(field);
}

describe('thresholds as phrases', () => {
  const withThresholds = (...thresholds: string[]) => JSON.stringify({ ...FULL.rate, thresholds });

  it('reads them', () => {
    const { thresholds } = parseScenarioText(withThresholds('p99 < 500ms', 'errorRate < 1% over 10s for 5s, abort'));
    expect(thresholds).toEqual([
      { metric: 'p99', op: '<', value: 500 },
      { metric: 'errorRate', op: '<', value: 1, overSeconds: 10, forSeconds: 5, abort: true },
    ]);
  });

  it.each([
    ['p99 << 5', '"p99 << 5" is not a threshold; write for example "p99 < 500ms" or "errorRate < 1%"'],
    ['p98 < 5', '"p98 < 5": metric: "p98" is not one of mean, p50, p90, p95, p99, p999, max, errorRate, balance, rate'],
    ['p99 < 5%', '"p99 < 5%": p99 is measured in ms, not in %'],
    [
      'p99 < 5ms for 3s, abort',
      '"p99 < 5ms for 3s, abort" needs the window that is judged: write for example "p99 < 5ms over 10s for 3s, abort"',
    ],
    ['p99 < 5 over 601s', '"p99 < 5 over 601s": overSeconds: 601 is above 600 (allowed 1 to 600)'],
  ])('refuses %s', (phrase, message) => {
    expect(refusals(withThresholds('p99 < 1s', phrase))).toEqual([{ field: 'thresholds.1', message, line: 1 }]);
  });
});

describe('text that is no scenario', () => {
  it.each<[string, string, string | RegExp]>([
    ['nothing', '', 'the scenario: null is not a group of fields'],
    ['a list', '- 1', 'the scenario: a list is not a group of fields'],
    ['an open bracket', 'name: a\nload: [', /^line 2: not JSON or YAML: Flow sequence/],
    ['a field twice', 'name: a\nname: b', 'line 2: not JSON or YAML: Map keys must be unique'],
    ['a field twice in JSON', '{"name": "a", "name": "b"}', 'line 1: not JSON or YAML: Map keys must be unique'],
    ['two documents', 'name: a\n---\nname: b', /^line 2: holds several documents \(---\); write one$/],
    ['an unknown tag', 'name: !!js/function x', /^line 1: not JSON or YAML: Unresolved tag/],
    ['too much', ' '.repeat(MAX_SCENARIO_BYTES + 1), 'the scenario: has 262145 bytes (allowed at most 262144)'],
    [
      'aliases without end',
      `a: &a [${'x,'.repeat(9)}]\nb: &b [${'*a,'.repeat(9)}]\nc: &c [${'*b,'.repeat(9)}]\nd: [${'*c,'.repeat(9)}]`,
      /^the scenario: cannot be unfolded: Excessive alias count/,
    ],
  ])('%s', (_name, text, message) => {
    expect(() => parseScenarioText(text)).toThrow(message);
  });

  it('takes a byte order mark and JSON with tabs', () => {
    expect(parseScenarioText(`\uFEFF${JSON.stringify(FULL.users, null, '\t')}`).name).toBe('Shop');
  });

  it('says the line of each problem', () => {
    const text = 'name: a\nload:\n  model: users\n  users: 5\n  spawnRate: 1000\n  durationSeconds: 60\n';
    expect(() => parseScenarioText(text)).toThrow(
      new Error(
        'line 4, load.users: 5 is below 10 (allowed 10 to 1000)\nline 5, load.spawnRate: 1000 is above 100 (allowed 1 to 100)'
      )
    );
  });

  it('tells the first twenty problems and counts the rest', () => {
    const unknown = Array.from({ length: 30 }, (_, i) => `k${i}: 1`).join('\n');
    const refused = () =>
      parseScenarioText(`name: a\nload: {model: users, users: 10, spawnRate: 1, durationSeconds: 10}\n${unknown}`);
    expect(refused).toThrow(/^line 3, k0: unknown field; .*\n(.*\n){18}line 22, k19: .*\nand 10 more problems$/);
    expect(() => parseScenarioText('[}'.repeat(100))).toThrow(/^(.*not JSON or YAML.*\n){20}and \d+ more problems$/);
  });

  it.each([
    [
      'nesting in brackets',
      `a: ${'['.repeat(33)}${']'.repeat(33)}`,
      /^line 1: is nested deeper than 32 levels$|deeper than 32/,
    ],
    [
      'nesting by indentation',
      Array.from({ length: 70 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      /deeper than 32 levels$/,
    ],
    [
      'entries',
      Array.from({ length: 1001 }, (_, i) => `k${i}: 1`).join('\n'),
      /^line 1001: holds more than 1000 entries/,
    ],
    ['aliases', `a: &a 1\n${'b: *a\n'.repeat(101)}`, /^line 102: holds more than 100 aliases/],
    ['values', `a: [${`[${'1,'.repeat(900)}],`.repeat(20)}]`, /holds too much: no scenario has more than 6000 values$/],
    [
      'values by aliases',
      `a: &a [${'1,'.repeat(400)}]\nb: [${'*a,'.repeat(20)}]`,
      /^the scenario: holds more than 6000 values$/,
    ],
  ])('refuses too many %s, whatever they are', (_name, text, message) => {
    expect(() => parseScenarioText(text)).toThrow(message);
  });

  it('takes what the largest scenario has', () => {
    const text = JSON.stringify(LARGE_SCENARIO);
    const scenario = parseScenarioText(text);
    expect(parseScenarioText(JSON.stringify(scenario))).toEqual(scenario);
    expect(inputExcess(scenario)).toBeNull();
  });

  it('takes no longer for the worst text than its length asks for, and repeats little of it', () => {
    const made = Object.entries({ ...worstTexts(), ...worstScenarios() });
    const slow = made.flatMap(([name, make]) => {
      // The least of three: what happens once is the garbage collector, not the text.
      const attempts = [1, 2, 3].map(() => {
        const before = process.threadCpuUsage();
        const told = refusals(make(MAX_SCENARIO_BYTES)).join('\n').length;
        const { user, system } = process.threadCpuUsage(before);
        return { ms: (user + system) / 1000, told };
      });
      const ms = Math.min(...attempts.map((each) => each.ms));
      return ms > 1500 || attempts[0]!.told > 10_000 ? [`${name}: ${ms} ms, ${attempts[0]!.told} characters`] : [];
    });
    expect(slow).toEqual([]);
  });

  it('goes by the limits that it is given', () => {
    const text = 'name: a\nload: { model: users, users: 5000, spawnRate: 1, durationSeconds: 5 }\nwarmupSeconds: 1';
    expect(() => parseScenarioText(text)).toThrow('load.users: 5000 is above 1000');
    expect(parseScenarioText(text, WIDEST_LIMITS).load).toMatchObject({ users: 5000 });
  });

  it('never answers with anything but its own error, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json(), yamlLike), (text) => {
        expect(() => refusals(text)).not.toThrow();
      }),
      { numRuns: 400, seed: 4 }
    );
  });
});

const yamlLike = fc
  .array(
    fc.constantFrom(
      'name',
      ': ',
      '\n',
      '  ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '&a ',
      '*a',
      '!!',
      '"',
      "'",
      '#',
      '|',
      '1e3',
      '<<'
    )
  )
  .map((parts) => parts.join(''));

/** What must not come out of a message: it would steer a terminal, turn the direction of text, or break the line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
const RAW = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u2028-\u202e\ufeff]|\p{Surrogate}/u;

describe('a message that repeats the text', () => {
  const evil = '\\e[2J\\u202e\\u009b31m\\u200b\\t';
  const tail = '\u202e\u009b31m';
  it.each([
    ['a threshold', `name: n\nload: {model: users, users: 10}\nthresholds: ["${evil}"]`],
    ['a threshold without its window', `name: n\nload: {model: users, users: 10}\nthresholds: ["p99 <\\t5ms for 5s"]`],
    ['a threshold of another unit', `name: n\nload: {model: users, users: 10}\nthresholds: ["p99 <\\u20285%"]`],
    ['a tag', `name: n\nload: !<${tail}> {model: users, users: 10}`],
    ['a tag by its handle', `name: n\nload: !${tail} {model: users, users: 10}`],
    ['a handle', `%TAG !a! ${tail}\n---\nname: !b${tail}!x n`],
    ['an alias', `name: *${tail}`],
    ['a directive', `%${tail} x\n---\nname: n`],
    ['an unknown field', `name: n\n"${evil}": 1`],
    ['an unknown field of many letters', `name: n\n${'k'.repeat(99)}😀z: 1`],
    ['a value', `name: "${evil}"\nload: "${evil}"`],
    ['a long value', `name: n\nkind: ${'k'.repeat(59)}😀z`],
    ['a group that is no key', `? {"${evil}": 1}\n: 2`],
    ['text behind a scalar', `name: "n" ${tail}`],
  ])('writes out what cannot be seen: %s', (_, text) => {
    let error: unknown;
    try {
      parseScenarioText(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ScenarioTextError);
    const { message, problems } = error as ScenarioTextError;
    expect(message).not.toMatch(RAW);
    for (const problem of problems) expect(`${problem.field} ${problem.message}`).not.toMatch(RAW);
  });

  it('refuses a field that would be lost', () => {
    const text = 'name: n\nload: {model: users, users: 10}\nrequest:\n  headers:\n    __proto__: x';
    expect(() => parseScenarioText(text)).toThrow(
      'line 5, request.headers.__proto__: a field cannot be named __proto__'
    );
  });
});

describe('writing', () => {
  const threshold = fc
    .record({
      metric: fc.constantFrom(
        'p99' as const,
        'mean' as const,
        'errorRate' as const,
        'balance' as const,
        'rate' as const
      ),
      op: fc.constantFrom('<' as const, '<=' as const, '>' as const, '>=' as const),
      value: fc.oneof(fc.nat(1000), fc.double({ min: 0, max: 1e6, noNaN: true })),
      window: fc.option(
        fc.record(
          { overSeconds: fc.integer({ min: 1, max: 600 }), forSeconds: fc.nat(600), abort: fc.boolean() },
          { requiredKeys: ['overSeconds'] }
        )
      ),
    })
    .map(({ window, ...rest }) => ({ ...rest, ...window }));
  const word = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.constantFrom('yes', '1', 'null', '- a', 'a: b', '#', '~', 'é\n\n x')
  );
  const scenario = fc
    .record({
      name: word.filter((name) => nameSchema(100).safeParse(name).success),
      description: word.filter((text) => linesSchema(1000).safeParse(text).success),
      thresholds: fc.array(threshold, { maxLength: 5 }),
      body: fc.option(word),
      header: fc.constantFrom('true', '0x10', '1_000', ' a ', ''),
      rate: fc.integer({ min: 1, max: 20_000 }),
    })
    .map(
      ({ rate, body, header, ...rest }): Scenario =>
        scenarioSchema.parse({
          ...rest,
          request: { method: 'POST', body, headers: { 'x-a': header } },
          load: { model: 'rate', stages: [{ from: 0, to: rate / 3, durationSeconds: 12.5 }] },
        })
    );

  it.each(['json', 'yaml'] as const)('%s reads back as the same scenario', (format) => {
    fc.assert(
      fc.property(scenario, (original) => {
        expect(parseScenarioText(formatScenarioText(original, format))).toEqual(original);
      }),
      { numRuns: 300, seed: 5 }
    );
    for (const one of [...builtinScenarios().map((entry) => entry.scenario), ...Object.values(FULL)]) {
      const original = scenarioSchema.parse(one);
      expect(parseScenarioText(formatScenarioText(original, format))).toEqual(original);
    }
  });

  it.each([
    ['a\x85b', '"a\\u0085b"'],
    ['\u2028', '"\\u2028"'],
    ['\x7f\x9f\ufffe\ufeff', '"\\u007f\\u009f\\ufffe\\ufeff"'],
    ['\u202e\u200b\u{e0001}', '"\\u202e\\u200b\\U000e0001"'],
    [' \n', '" \\n"'],
    ['a \nb', '"a \\nb"'],
    ['  a\nb', '"  a\\nb"'],
    ['a\r\nb', '"a\\r\\nb"'],
    ['-0\t<<', '"-0\\t<<"'],
    ['=', '"="'],
    ['a=b é 😀', 'a=b é 😀'],
    ['{"a":\n  1}\n', '|\n    {"a":\n      1}\n'],
  ])('writes the text %j so that older parsers read the same', (body, written) => {
    const load = { model: 'users', users: 10, spawnRate: 10, durationSeconds: 30 };
    const original = scenarioSchema.parse({ name: 'n', load, request: { method: 'POST', body } });
    const text = formatScenarioText(original, 'yaml');
    expect(text).toContain(`  body: ${written}\n`.replace('\n\n', '\n'));
    expect(parseScenarioText(text)).toEqual(original);
  });

  it('writes thresholds as people do', () => {
    expect(formatScenarioText(scenarioSchema.parse(highTraffic()), 'yaml')).toContain(
      '- errorRate < 50 % over 10 s, abort\n'
    );
  });
});

test('fields that are wrong in several ways at once are never fewer than none', () => {
  const text = `name: T
load: { model: rate, stages: [ { from: 20, to: 20, durationSeconds: 10 } ] }
request: { headers: { X-Num: 007, X-Null: ~ }, expect: 200 }
`;
  expect(() => parseScenarioText(text)).toThrow(/X-Num[\s\S]*X-Null[\s\S]*request\.expect/);
  expect(() => parseScenarioText(text)).not.toThrow(/more problem/);
});
