import { type ScenarioInput, scenarioSchema } from '@evenkeel/contract/scenario';
import { parseStage, type ScenarioFlags, scenarioFromFlags } from './scenarioFlags.ts';
import { UsageError } from './usageError.ts';

const steady: ScenarioInput = {
  name: 'steady',
  load: {
    model: 'rate',
    stages: [
      { from: 100, to: 100, durationSeconds: 10 },
      { from: 100, to: 300, durationSeconds: 10 },
    ],
  },
};

describe('scenarioFromFlags', () => {
  test('a rate is one constant stage over round-robin connections', () => {
    const scenario = scenarioFromFlags({ rate: '500', duration: '30' }, null);
    expect(scenario.load).toEqual({ model: 'rate', stages: [{ from: 500, to: 500, durationSeconds: 30 }] });
    expect(scenario.connections.policy).toBe('round-robin');
  });

  test('users get one connection each', () => {
    const scenario = scenarioFromFlags({ users: '20', spawnRate: '10', duration: '15' }, null);
    expect(scenario.load).toEqual({ model: 'users', users: 20, spawnRate: 10, durationSeconds: 15, thinkTimeMs: 0 });
    expect(scenario.connections.policy).toBe('per-user');
  });

  test('a header that is given twice is sent twice, and names keep their case', () => {
    const header = ['Cookie: a=1', 'Cookie: b=2', 'X-Tenant:a', 'x-tenant:  b ', 'X-Empty:', 'x: \u00a0y'];
    expect(scenarioFromFlags({ rate: '10', header }, null).request.headers).toEqual([
      ['Cookie', 'a=1'],
      ['Cookie', 'b=2'],
      ['X-Tenant', 'a'],
      ['x-tenant', 'b'],
      ['X-Empty', ''],
      ['x', '\u00a0y'],
    ]);
  });

  test('header flags take the place of headers of the same name, and leave the others', () => {
    const base: ScenarioInput = { ...steady, request: { headers: { Authorization: 'a', 'X-A': ['1', '2'] } } };
    expect(scenarioFromFlags({ header: ['x-a: 3', 'x-b: 4'] }, base).request.headers).toEqual([
      ['Authorization', 'a'],
      ['x-a', '3'],
      ['x-b', '4'],
    ]);
  });

  test('the same users have the same connections by flags, from a file, and by flags over a file', () => {
    const users: ScenarioInput = {
      name: 'u',
      load: { model: 'users', users: 10, spawnRate: 10, durationSeconds: 20 },
    };
    const asked = { users: '10', spawnRate: '10', duration: '20' };
    const byFlags = scenarioFromFlags(asked, null);
    const fromFile = scenarioFromFlags({}, scenarioSchema.parse(users));
    expect(fromFile.connections).toEqual(byFlags.connections);
    expect(scenarioFromFlags(asked, scenarioSchema.parse(steady)).connections).toEqual(byFlags.connections);
    expect(byFlags.connections.policy).toBe('per-user');
    expect(scenarioFromFlags({ rate: '10' }, scenarioSchema.parse(users)).connections.policy).toBe('round-robin');
  });

  test('stages hold or ramp', () => {
    expect(parseStage('500@30')).toEqual({ from: 500, to: 500, durationSeconds: 30 });
    expect(parseStage('100-1000@60s')).toEqual({ from: 100, to: 1000, durationSeconds: 60 });
    expect(scenarioFromFlags({ stage: ['10-100@10', '100@10'] }, null).load).toMatchObject({
      stages: [
        { from: 10, to: 100 },
        { from: 100, to: 100 },
      ],
    });
  });

  test('--duration stretches a scenario in proportion', () => {
    const { load } = scenarioFromFlags({ duration: '60' }, steady);
    expect(load.model === 'rate' && load.stages.map((s) => s.durationSeconds)).toEqual([30, 30]);
  });

  test('flags lie over the scenario and keep the rest of it', () => {
    const scenario = scenarioFromFlags(
      { path: '/x', threshold: ['p99 < 1s'], errorRate: '1' },
      { ...steady, request: { headers: { 'x-a': 'b' } }, thresholds: [{ metric: 'p95', op: '<', value: 5 }] }
    );
    expect(scenario.request).toMatchObject({ path: '/x', headers: [['x-a', 'b']] });
    expect(scenario.thresholds.map((t) => [t.metric, t.value])).toEqual([
      ['p95', 5],
      ['p99', 1000],
      ['errorRate', 1],
    ]);
  });

  test('--error-rate 0 allows no error, which a run without any meets', () => {
    expect(scenarioFromFlags({ rate: '10', errorRate: '0' }, null).thresholds).toEqual([
      { metric: 'errorRate', op: '<=', value: 0 },
    ]);
  });

  test('--allow-any lifts the everyday limits, not all limits', () => {
    expect(scenarioFromFlags({ users: '1', duration: '3', allowAny: true }, null).load).toMatchObject({ users: 1 });
    expect(() => scenarioFromFlags({ users: '1000000', allowAny: true }, null)).toThrow(
      /--users: 1000000 is above 10000/
    );
  });

  const bad: [ScenarioFlags, RegExp][] = [
    [{ users: '9' }, /--users: 9 is below 10 \(allowed 10 to 1000\) \(--allow-any/],
    [{ users: '1001' }, /--users: 1001 is above 1000 \(allowed 10 to 1000\)/],
    [{ users: '-5' }, /^--users: -5 is below 10 \(allowed 10 to 1000\)\.$/],
    [{ users: '10.5' }, /--users: 10.5 is not a whole number/],
    [{ users: 'NaN' }, /--users "NaN" is not a number/],
    [{ users: '' }, /--users "" is not a number/],
    [{ rate: 'Infinity' }, /--rate "Infinity" is not a number/],
    [{ rate: '1e3' }, /--rate "1e3" is not a number/],
    [{ rate: '-1' }, /^--rate: -1 is below 0 \(allowed 0 to 20000\)\.$/],
    [{ rate: '0' }, /^--rate: .*needs a rate above 0/],
    [{ rate: '20001' }, /^--rate: 20001 is above 20000 \(allowed 0 to 20000\) \(--allow-any/],
    [{ stage: ['20001@10'] }, /^--stage: 20001 is above 20000/],
    [{ users: '10', duration: '-1' }, /^--duration: -1 is below 10 \(allowed 10 to 600\)\.$/],
    [{ users: '10', thinkTime: '-1' }, /^--think-time: -1 is below 0 \(allowed 0 to 60000\)\.$/],
    [{ users: '10', spawnRate: '0' }, /--spawn-rate: 0 is below 1 \(allowed 1 to 100\)/],
    [{ users: '10', spawnRate: '101' }, /--spawn-rate: 101 is above 100 \(allowed 1 to 100\)/],
    [{ users: '10', duration: '9' }, /--duration: 9 is below 10 \(allowed 10 to 600\)/],
    [
      { rate: '10', duration: '601' },
      /^--duration: the stages last 601 s together; allowed are 10 to 600 s \(--allow-any/,
    ],
    [{ rate: '10', duration: '9' }, /9 s together; allowed are 10 to 600 s/],
    [{ rate: '10', users: '10' }, /--users asks for users and --rate for a rate/],
    [{ rate: '10', stage: ['1@10'] }, /--rate or --stage, not both/],
    [{ stage: ['1@10'], duration: '10' }, /--duration does not go with --stage/],
    [{ stage: ['x'] }, /--stage "x" is not a stage: write RATE@SECONDS/],
    [{ duration: '20' }, /--duration needs --rate, --users or a scenario/],
    [{ rate: '10', path: 'x' }, /--path: "x" must start with \//],
    [{ rate: '10', header: ['nocolon'] }, /^--header: a name is missing/],
    [{ rate: '10', header: ['Host: x'] }, /^--header Host: must not be one that the engine sets/],
    [{ rate: '10', header: ['A: b\r\nC: d'] }, /^--header A: the value must hold no control characters/],
    [{ rate: '10', method: 'BREW' }, /--method: "BREW" is not one of GET/],
    [{ rate: '10', body: 'x' }, /--body: GET takes no body/],
    [{ rate: '10', timeout: '5' }, /--timeout: 5 is below 10 \(allowed 10 to 120000\)/],
    [{ rate: '10', connections: '0' }, /--connections: 0 is below 1 \(allowed 1 to 10000\)/],
    [{ rate: '10', connectionPolicy: 'per-user' }, /--connection-policy: per-user needs the users model/],
    [{ rate: '10', streams: '4' }, /--streams: more than 1 needs the protocol http\/2/],
    [{ rate: '10', http2: true, streams: '251' }, /--streams: 251 is above 250 \(allowed 1 to 250\)/],
    [
      { users: '20', http2: true, streams: '4' },
      /--streams: more than 1 needs the policy round-robin; per-user has one/,
    ],
    [
      { rate: '10', http2: true, streams: '200' },
      /--streams: 100 connections of 200 streams make 20000 requests in flight; allowed are 10000/,
    ],
    [
      { rate: '10', http2: true, streams: '9', maxRequestsPerConnection: '8' },
      /--max-requests-per-connection: must not be below the streams of a connection \(9\)/,
    ],
    [{ rate: '10', maxRequestsPerConnection: '0' }, /--max-requests-per-connection: 0 is below 1/],
    [{ rate: '10', maxConnectionAge: '0' }, /--max-connection-age: 0 is below 0.1/],
    [{ rate: '10', warmup: '20' }, /--warmup: must be shorter than the load profile \(20 s\)/],
    [{ rate: '10', threshold: ['p42 < 1'] }, /--threshold "p42 < 1"/],
    [{ rate: '10', threshold: ['p99 < 1%'] }, /p99 is measured in ms, not in %/],
    [{ rate: '10', p99: '-1' }, /--p99 -1: must be above 0 ms/],
    [{ rate: '10', p95: '0' }, /--p95 0: must be above 0 ms/],
    [{ rate: '10', errorRate: '-1' }, /--error-rate -1: allowed are 0 to 100 percent/],
    [{ rate: '10', errorRate: '101' }, /--error-rate 101: allowed are 0 to 100 percent/],
  ];
  test.each(bad)('%j is refused with the flag and its limit', (flags, message) => {
    expect(() => scenarioFromFlags(flags, null)).toThrow(UsageError);
    expect(() => scenarioFromFlags(flags, null)).toThrow(message);
  });

  test('all mistakes are named at once', () => {
    expect(() => scenarioFromFlags({ users: '1', spawnRate: '1000', duration: '1', timeout: '1' }, null)).toThrow(
      /--users: 1 .*\n.*--spawn-rate: 1000 .*\n.*--duration: 1 .*\n.*--timeout: 1 /
    );
  });
});

test('a number of connections that users would not share is refused, not ignored', () => {
  const users = { users: '10', connections: '5' };
  expect(() => scenarioFromFlags(users, null)).toThrow('--connection-policy round-robin');
  expect(scenarioFromFlags({ ...users, connectionPolicy: 'round-robin' }, null).connections.count).toBe(5);
});
