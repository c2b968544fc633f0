import type { AuditEntry } from '@evenkeel/contract/api';
import { StoreFailure } from '../runs/ports/runStore.ts';
import { KeptAuditLog } from './keptAuditLog.ts';
import { MemoryAuditLog } from './ports/auditLog.ts';

class FullableLog extends MemoryAuditLog {
  full = false;

  override add(entry: Omit<AuditEntry, 'id'>): void {
    if (this.full) throw new StoreFailure('the disk is full');
    super.add(entry);
  }
}

const entry = (object: string): Omit<AuditEntry, 'id'> => ({
  at: 1,
  subject: 'ada',
  role: 'Admin',
  verified: true,
  action: 'POST /api/v1/runs',
  object,
  status: 201,
  outcome: 'done',
  requestId: 'r',
});

it('keeps what cannot be written, tells of it, and writes it in order when there is room', () => {
  const store = new FullableLog();
  const complaints: string[] = [];
  const log = new KeptAuditLog(store, ({ object }, { message }) => complaints.push(`${object}: ${message}`));
  log.add(entry('one'));
  store.full = true;
  log.add(entry('two'));
  log.add(entry('three'));
  expect(complaints).toEqual(['two: the disk is full', 'three: the disk is full']);
  expect([log.waiting, log.retry()?.message]).toEqual([2, 'the disk is full']);
  store.full = false;
  log.add(entry('four'));
  expect(log.waiting).toBe(0);
  expect(log.list(10).map(({ object }) => object)).toEqual(['four', 'three', 'two', 'one']);
});

it('writes what waits before it is read, and by itself', () => {
  const store = new FullableLog();
  const log = new KeptAuditLog(store, () => {});
  store.full = true;
  log.add(entry('one'));
  store.full = false;
  expect(log.list(10).map(({ object }) => object)).toEqual(['one']);
  store.full = true;
  log.add(entry('two'));
  store.full = false;
  expect([log.retry(), log.waiting]).toEqual([null, 0]);
});
