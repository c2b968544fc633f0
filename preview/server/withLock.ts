import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const AGAIN_MS = 100;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Takes the lock; false when a living process has it. What a dead one left behind is removed first. */
function take(lockFile: string): boolean {
  const own = `${lockFile}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    // A link appears with its content, so nobody ever reads half a lock.
    linkSync(own, lockFile);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    let owner = '';
    try {
      owner = readFileSync(lockFile, 'utf8');
    } catch {
      return false;
    }
    if (!isAlive(Number(owner))) rmSync(lockFile, { force: true });
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Runs `work` while no other process on this machine runs anything under the same lock file; waits for its turn. */
export async function withLock<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(lockFile), { recursive: true });
  while (!take(lockFile)) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}
