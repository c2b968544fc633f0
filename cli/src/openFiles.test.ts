import { type ScenarioInput, scenarioSchema } from '@evenkeel/contract/scenario';
import { checkOpenFiles } from './openFiles.ts';

const scenario = (change: Partial<ScenarioInput>) =>
  scenarioSchema.parse({
    name: 'test',
    load: { model: 'rate', stages: [{ from: 10, to: 10, durationSeconds: 20 }] },
    ...change,
  });

const connections = scenario({ connections: { policy: 'round-robin', count: 400 } });
const users = scenario({
  load: { model: 'users', users: 400, spawnRate: 100, durationSeconds: 20 },
  connections: { policy: 'per-user', count: 5 },
});

test.each([
  ['connections', connections],
  ['users', users],
])('%s need a file each, and another one in the balancer of the embedded cluster', (_, given) => {
  expect(() => checkOpenFiles(given, false, 550)).not.toThrow();
  expect(() => checkOpenFiles(given, false, 549)).toThrow(
    '400 connections (--connections, --users) need 550 open files and this shell allows 549: ask for fewer, or raise it with "ulimit -n 550".'
  );
  expect(() => checkOpenFiles(given, true, 950)).not.toThrow();
  expect(() => checkOpenFiles(given, true, 949)).toThrow(
    /need 950 open files in the balancer and .*"ulimit -n 950"\.$/
  );
});

test('a limit that nobody knows refuses nothing', () => {
  expect(() => checkOpenFiles(connections, true, null)).not.toThrow();
});
