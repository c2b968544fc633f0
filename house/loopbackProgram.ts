import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';

const present = (program: string) => spawnSync(program, ['-v']).error === undefined;

/**
 * Whether these programs are installed. Where one is not, its tests are skipped with a line that says so; on CI, which
 * installs them, that is a failure.
 */
export function installed(...programs: string[]): boolean {
  const missing = programs.filter((program) => !present(program));
  if (missing.length === 0) return true;
  if (process.env.CI === 'true') throw new Error(`${missing.join(', ')} must be installed on CI (see .ci/run)`);
  console.warn(`skipped: ${missing.join(', ')} not installed`);
  return false;
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Longest that a program may take to do what it does in a second on a machine that is not busy. */
export const PATIENCE_MS = 90_000;

/** Tries until it succeeds, or gives up with the last error. */
export async function eventually<T>(attempt: () => Promise<T>, patienceMs = PATIENCE_MS - 10_000): Promise<T> {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
