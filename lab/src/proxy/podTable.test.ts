import type { PolicyName } from '@evenkeel/core/policies/registry';
import type { BalancerSettings, Routing, UpstreamPod } from './balancerMessages.ts';
import { PodTable } from './podTable.ts';

const SETTINGS: BalancerSettings = {
  port: 0,
  mode: 'request',
  balancers: 1,
  retry: null,
  ejection: { maxFails: 1, failTimeoutMs: 60_000, statuses: [] },
  hashKey: 'uri',
  connectTimeoutMs: 1000,
  responseTimeoutMs: 1000,
  seed: 1,
};

function routing(policy: PolicyName, ...changes: Partial<UpstreamPod>[]): Routing {
  return {
    policy,
    pods: changes.map((change, index) => ({
      pod: `pod-${index + 1}`,
      host: '127.0.0.1',
      port: 1000 + index,
      weight: 1,
      ready: true,
      ...change,
    })),
  };
}

function tableOf(...args: Parameters<typeof routing>): PodTable {
  const table = new PodTable(SETTINGS, 0);
  table.route(routing(...args));
  return table;
}

test('before its first routing it picks none', () => {
  expect(new PodTable(SETTINGS, 0).pick(1)).toBe(-1);
});

test('a new policy knows what is outstanding, and forgets it when it ends', () => {
  const table = tableOf('round-robin', {}, {}, {});
  const startedAt = [0, 0, 1, 1, 2].map((pod) => ({ pod, at: table.started(pod) }));
  table.route(routing('least-connections', {}, {}, {}));
  expect(table.pick(1)).toBe(2);
  for (const { pod, at } of startedAt) table.finished(pod, at, true);
  expect(table.counts().map(({ outstanding }) => outstanding)).toEqual([0, 0, 0]);
  expect(new Set([table.pick(1), table.pick(1), table.pick(1)]).size).toBe(3);
});

test('pods without address, readiness or weight are not picked', () => {
  const table = tableOf('random', { port: 0 }, { ready: false }, { weight: 0 }, {});
  for (let i = 0; i < 50; i++) expect(table.pick(i)).toBe(3);
});

test('a further attempt goes to a pod that was not tried, until there is none', () => {
  for (const policy of ['ring-hash', 'round-robin', 'least-connections'] as const) {
    const table = tableOf(policy, {}, {}, { ready: false }, {});
    for (let key = 0; key < 30; key++) {
      const tried = [table.pick(key)];
      for (let attempt = 0; attempt < 2; attempt++) {
        const next = table.pickOther(key, tried);
        expect([0, 1, 3]).toContain(next);
        expect(tried).not.toContain(next);
        tried.push(next);
      }
      expect(table.pickOther(key, tried)).toBe(-1);
    }
  }
});

test('a failed pod is left out, and counts as new when another process took its place', () => {
  const table = tableOf('round-robin', {}, {});
  table.finished(0, table.started(0), false);
  expect(table.counts()[0]).toMatchObject({ ejected: true, failures: 1 });
  for (let i = 0; i < 10; i++) expect(table.pick(i)).toBe(1);
  table.route(routing('round-robin', { port: 2000 }, {}));
  expect(table.counts()[0]).toMatchObject({ ejected: false });
  expect(new Set([table.pick(1), table.pick(1)])).toEqual(new Set([0, 1]));
});

test('what the client broke off counts neither for nor against the pod', () => {
  const table = tableOf('round-robin', {}, {});
  table.finished(0, table.started(0), null);
  expect(table.counts()[0]).toMatchObject({ ejected: false, failures: 0, attempts: 1, outstanding: 0 });
});
