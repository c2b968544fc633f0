import type { SafetyState } from '@evenkeel/contract/api';
import { StoreFailure } from '../runs/ports/runStore.ts';
import { SafetyLever } from './safetyLever.ts';
import { MemorySafetyStore } from './testing/memorySafetyStore.ts';

class FullableStore extends MemorySafetyStore {
  full = false;
  unreadable = false;

  override read(): SafetyState {
    if (this.unreadable) throw new StoreFailure('the disk is gone');
    return super.read();
  }

  override write(state: SafetyState): void {
    if (this.full) throw new StoreFailure('the disk is full');
    super.write(state);
  }
}

function lever() {
  const store = new FullableStore();
  const order: string[] = [];
  const safety = new SafetyLever(store, () => 7);
  const stoppable = (name: string, id: string) => ({
    stopAll: (reason: string) => {
      order.push(`${name}: ${reason}`);
      return [id];
    },
  });
  safety.revertsFaults(stoppable('faults', 'f1'));
  safety.stopsRuns(stoppable('runs', 'r1'));
  return { store, safety, order };
}

it('ends every fault and every run, refuses new ones until it is released, and is remembered', () => {
  const { store, safety, order } = lever();
  expect(safety.stopAll('ada', 'fire')).toEqual({
    safety: { engaged: true, reason: 'fire', by: 'ada', at: 7 },
    stoppedRuns: ['r1'],
    revertedFaults: ['f1'],
  });
  expect(order).toEqual(['faults: fire', 'runs: fire']);
  expect(() => safety.refuseIfEngaged()).toThrow('ada stopped everything ("fire")');
  expect(new SafetyLever(store, () => 8).state.engaged).toBe(true);
  expect(safety.release('grace', '')).toEqual({ engaged: false, reason: null, by: 'grace', at: 7 });
  safety.refuseIfEngaged();
  expect(new SafetyLever(store, () => 8).state.engaged).toBe(false);
});

describe('while the disk cannot be read', () => {
  const unread = (store: FullableStore) => {
    store.unreadable = true;
    const safety = new SafetyLever(store, () => 7);
    return safety;
  };

  it('lets nothing start, as somebody may have pulled it, and knows when it can be read', () => {
    const store = new FullableStore();
    store.write({ engaged: true, reason: 'fire', by: 'ada', at: 1 });
    const safety = unread(store);
    expect(() => safety.refuseIfEngaged()).toThrow('the disk is gone');
    expect(safety.problem()).toContain('cannot be read, so nothing starts');
    store.unreadable = false;
    expect(safety.problem()).toBeNull();
    expect(() => safety.refuseIfEngaged()).toThrow('ada stopped everything');
  });

  it('can be pulled, which counts whatever is read later', () => {
    const store = new FullableStore();
    store.full = true;
    const safety = unread(store);
    safety.stopAll('ada', '');
    expect(() => safety.refuseIfEngaged()).toThrow('ada stopped everything');
    store.unreadable = store.full = false;
    expect([safety.problem(), safety.state.engaged, store.read().engaged]).toEqual([null, true, true]);
  });
});

describe('while the disk is full', () => {
  it('stops everything all the same, says that a restart would forget it, and remembers it when there is room', () => {
    const { store, safety, order } = lever();
    store.full = true;
    expect(safety.stopAll('ada', '').stoppedRuns).toEqual(['r1']);
    expect(order).toHaveLength(2);
    expect(() => safety.refuseIfEngaged()).toThrow();
    expect(safety.problem()).toContain('a restart would release it');
    expect(store.read().engaged).toBe(false);
    store.full = false;
    expect(safety.problem()).toBeNull();
    expect(store.read()).toMatchObject({ engaged: true, by: 'ada' });
  });

  it('is not released, as that could not be remembered', () => {
    const { store, safety } = lever();
    safety.stopAll('ada', 'fire');
    store.full = true;
    expect(() => safety.release('grace', '')).toThrow('the disk is full');
    expect(safety.state.engaged).toBe(true);
  });

  it('pulled and released again leaves nothing to remember', () => {
    const { store, safety } = lever();
    store.full = true;
    safety.stopAll('ada', 'fire');
    store.full = false;
    safety.release('grace', 'it was a drill');
    expect(safety.problem()).toBeNull();
    expect(store.read()).toMatchObject({ engaged: false, by: 'grace' });
  });
});
