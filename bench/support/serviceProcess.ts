import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const TICKS_PER_SECOND = 100;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** `evenkeel serve` as a process of its own, on a database that is new. */
export class ServiceProcess {
  readonly url: string;
  readonly readyAfterMs: number;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess, readyAfterMs: number) {
    this.url = url;
    this.#child = child;
    this.readyAfterMs = readyAfterMs;
  }

  static async start(database: string, environment: Record<string, string> = {}): Promise<ServiceProcess> {
    const port = await freePort();
    const began = performance.now();
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        fileURLToPath(new URL('../../cli/bin/evenkeel.mjs', import.meta.url)),
        'serve',
      ],
      {
        env: {
          PATH: process.env.PATH,
          EVENKEEL_PORT: String(port),
          EVENKEEL_DATABASE: database,
          EVENKEEL_LOG_LEVEL: 'warn',
          EVENKEEL_LIMITS: JSON.stringify({ durationSeconds: { min: 1, max: 3600 }, rate: { min: 0, max: 200_000 } }),
          ...environment,
        },
        stdio: ['ignore', 'ignore', 'inherit'],
      }
    );
    const url = `http://127.0.0.1:${port}`;
    while (performance.now() - began < 30_000 && child.exitCode === null) {
      const ready = await fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false
      );
      if (ready) return new ServiceProcess(url, child, performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill('SIGKILL');
    throw new Error('the service did not become ready within 30 s');
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}/api/v1${path}`);
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Starts a run of this many requests per second on the embedded cluster and returns its id. */
  async load(rate: number, durationSeconds: number): Promise<string> {
    const response = await fetch(`${this.url}/api/v1/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        targetId: 'embedded',
        scenario: {
          name: `${rate}/s`,
          load: { model: 'rate', stages: [{ from: rate, to: rate, durationSeconds }] },
          connections: { policy: 'round-robin', count: 50 },
          drainSeconds: 1,
        },
      }),
    });
    if (response.status !== 201) throw new Error(await response.text());
    return ((await response.json()) as { id: string }).id;
  }

  /** Stops a run and waits for its end. */
  async stop(runId: string): Promise<void> {
    await fetch(`${this.url}/api/v1/runs/${runId}/stop`, { method: 'POST' });
    for (;;) {
      const { endedAt } = await this.get<{ endedAt: number | null }>(`/runs/${runId}`);
      if (endedAt !== null) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** CPU of the service's process so far, its load workers included and its pods not, in seconds. */
  cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  /** Resident memory of the service's process, in MB. */
  residentMb(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024;
  }

  async end(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exit;
  }
}
