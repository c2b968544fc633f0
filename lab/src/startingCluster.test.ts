import type { PodStatus } from '@evenkeel/contract/target';
import type { ClusterEvent } from './embeddedCluster.ts';
import { EmbeddedFaultDriver } from './faultDriver.ts';
import { StartingCluster } from './startingCluster.ts';

const pod: PodStatus = {
  pod: 'pod-1',
  address: null,
  ready: true,
  weight: 1,
  cpuCores: null,
  memoryBytes: null,
  activeConnections: null,
  restarts: 0,
};

it('says at once that the faults of an earlier cluster are over, and passes on to the new one when it is up', async () => {
  const starting = new StartingCluster();
  const driver = new EmbeddedFaultDriver(starting);
  const inverse = { faultId: 'f1', pod: 'pod-1', detail: { effect: 'latency', restarts: 0 } };
  expect(await driver.revert(inverse)).toBe('was-over');
  expect(await driver.leftovers()).toEqual([]);
  expect(() => starting.injectFault('pod-1', {} as never)).toThrow('still starting');

  const listeners = new Set<(event: ClusterEvent) => void>();
  const cleared: string[] = [];
  starting.isUp({
    complete: true,
    list: () => [pod],
    injectFault: async () => ({ id: 'f1', state: 'accepted', reason: '' }) as never,
    clearFault: async (name, id) => {
      cleared.push(`${name} ${id}`);
      return { id, state: 'ended', reason: 'cleared' } as never;
    },
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  expect(starting.list()).toEqual([pod]);
  expect(listeners.size).toBe(1);
  expect(await driver.revert(inverse)).toBe('reverted');
  expect(cleared).toEqual(['pod-1 f1']);
});
