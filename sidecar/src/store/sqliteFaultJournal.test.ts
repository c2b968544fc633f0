import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fault, type FaultState, faultSchema } from '@evenkeel/contract/fault';
import type { FaultJournal } from '../faults/ports/faultJournal.ts';
import { MemoryFaultJournal } from '../faults/testing/memoryFaultJournal.ts';
import { Database } from './database.ts';
import { SqliteFaultJournal } from './sqliteFaultJournal.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-faults-'));
const databases: Database[] = [];
const open = (name: string) => {
  const database = Database.open(join(folder, name));
  databases.push(database);
  return database;
};

afterAll(() => {
  for (const database of databases) database.close();
  rmSync(folder, { recursive: true, force: true });
});

const faultOf = (id: string, change: Partial<Fault> = {}): Fault =>
  faultSchema.parse({
    id,
    state: 'planned',
    targetId: 'demo',
    targetName: 'Demo',
    runId: null,
    planned: false,
    effect: { type: 'latency', delayMs: 250, jitterMs: 0 },
    severity: 'medium',
    scope: { pod: 'pod-1' },
    seed: 1,
    guard: {},
    pods: [{ pod: 'pod-1', state: 'planned', note: null }],
    driver: 'embedded',
    startedBy: 'ada',
    createdAt: Number(id.slice(1)) * 1000,
    activeAt: null,
    expiresAt: 1e12,
    endedAt: null,
    ending: null,
    reason: null,
    steps: [{ at: 1, state: 'planned', text: "asked for by 'ada'; DROP TABLE faults; --" }],
    ...change,
  });

const inverses = [{ faultId: 'f1', pod: 'pod-1', detail: { original: 'on', port: 80 } }];
const ALL = { limit: 50, offset: 0 };

const kinds: [string, () => FaultJournal][] = [
  ['in memory', () => new MemoryFaultJournal()],
  ['in SQLite', () => new SqliteFaultJournal(open('journal.db'))],
];

describe.each(kinds)('a fault journal %s', (_, make) => {
  let journal: FaultJournal;
  beforeAll(() => {
    journal = make();
  });

  it('gives back what was planned, with the way back', () => {
    journal.plan({ fault: faultOf('f1'), inverses });
    expect(journal.open()).toEqual([{ fault: faultOf('f1'), inverses }]);
    expect(journal.get('f1')).toEqual(faultOf('f1'));
    expect(journal.get('f9')).toBeUndefined();
    expect(() => journal.plan({ fault: faultOf('f1'), inverses: [] })).toThrow();
  });

  it.each<[FaultState, number]>([
    ['injecting', 1],
    ['active', 1],
    ['reverting', 1],
    ['revert-failed', 1],
    ['reverted', 0],
    ['not-effective', 0],
  ])('counts %s as open: %d', (state, count) => {
    journal.update(faultOf('f1', { state }));
    expect(journal.open()).toHaveLength(count);
    expect(journal.find({ ...ALL, is: 'open' }).total).toBe(count);
    expect(journal.get('f1')!.state).toBe(state);
  });

  it('finds by target, run, type and state, the newest first, by page', () => {
    journal.plan({ fault: faultOf('f2', { targetId: 'shop' }), inverses });
    journal.plan({ fault: faultOf('f3', { runId: 'run-1' }), inverses });
    journal.plan({
      fault: faultOf('f4', { effect: { type: 'partition', existing: 'cut' }, state: 'active' }),
      inverses,
    });
    const ids = (query: object) => journal.find({ ...ALL, ...query }).ids;
    expect(ids({})).toEqual(['f4', 'f3', 'f2', 'f1']);
    expect(ids({ targetId: 'shop' })).toEqual(['f2']);
    expect(ids({ runId: 'run-1' })).toEqual(['f3']);
    expect(ids({ type: 'partition', is: 'open' })).toEqual(['f4']);
    expect(ids({ is: 'over' })).toEqual(['f1']);
    expect(journal.find({ limit: 1, offset: 1 })).toEqual({ ids: ['f3'], total: 4 });
  });

  it('forgets the oldest that are over, and never an open one', () => {
    journal.update(faultOf('f3', { state: 'reverted' }));
    journal.prune(1);
    expect(journal.find(ALL).ids).toEqual(['f4', 'f3', 'f2']);
    journal.prune(0);
    expect(journal.find(ALL).ids).toEqual(['f4', 'f2']);
  });
});

it('the way back survives the process and cannot be overwritten', () => {
  const first = Database.open(join(folder, 'survives.db'));
  new SqliteFaultJournal(first).plan({ fault: faultOf('f1'), inverses });
  expect(() => first.states.exec("UPDATE faults SET inverses = '[]'")).toThrow('the way back of a fault never changes');
  first.close();
  expect(new SqliteFaultJournal(open('survives.db')).open()).toEqual([{ fault: faultOf('f1'), inverses }]);
});
