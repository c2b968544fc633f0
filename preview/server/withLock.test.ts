import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from './withLock.ts';

describe('a lock between processes', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'evenkeel-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('work under one lock never overlaps, and nothing of the lock is left', async () => {
    let running = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
    };
    await Promise.all([1, 2, 3].map(() => withLock(join(folder, 'a.lock'), work)));
    expect(most).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('work that fails gives the lock back', async () => {
    const lock = join(folder, 'a.lock');
    await expect(withLock(lock, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await withLock(lock, async () => 'done')).toBe('done');
  });

  test('the lock of a process that died is taken over', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const lock = join(folder, 'a.lock');
    writeFileSync(lock, String(pid));
    expect(await withLock(lock, async () => 'done')).toBe('done');
  });
});
