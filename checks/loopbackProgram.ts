import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
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

/** Below the ports that systems take for outgoing connections, of which a test beside this one may open thousands. */
const FIRST_PORT = 10_000;
const PORTS = 20_000;

const handedOut = new Set<number>();

/** A port of this machine that nobody listens on, and that nothing is given by chance until a program listens there. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + randomInt(PORTS);
    if (handedOut.has(port) || !(await isFree(port))) continue;
    handedOut.add(port);
    return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  const free = await new Promise<boolean>((resolve) => {
    server.once('listening', () => resolve(true));
    server.once('error', () => resolve(false));
  });
  if (free) await new Promise((resolve) => server.close(resolve));
  return free;
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
