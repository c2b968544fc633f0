import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface ServiceProcess {
  readonly url: string;
  readonly token: string;
  stop(): Promise<void>;
}

/**
 * Starts the real service with its embedded cluster in a process of its own. It verifies the identities that `grafanaUrl` signs; without
 * one it does not know who asks.
 */
export async function startServiceProcess(grafanaUrl?: string): Promise<ServiceProcess> {
  const token = 'grafana-token-for-browser-tests';
  const script = join(import.meta.dirname, 'serveForTests.ts');
  const child: ChildProcess = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', script, token, '0', ...(grafanaUrl === undefined ? [] : [grafanaUrl])],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    }
  );
  const lines = createInterface({ input: child.stdout! });
  const [url] = (await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error('the service ended before it was ready'))),
  ])) as [string];
  return {
    url,
    token,
    async stop() {
      const ended = once(child, 'exit');
      child.stdin?.end();
      await ended;
    },
  };
}
