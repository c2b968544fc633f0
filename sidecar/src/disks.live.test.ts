import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BIN } from '@evenkeel/cli/testing/commandProcess';
import type { RunList, SafetyState, Status } from '@evenkeel/contract/api';
import type { FaultList } from '@evenkeel/contract/fault';
import { canMount, DISK_KINDS, type DiskKind, MountedDisk } from './testing/mountedDisk.ts';

const API = '/api/v1';
const RUN = {
  targetId: 'embedded',
  scenario: {
    name: 'x',
    load: { model: 'rate', stages: [{ from: 20, to: 20, durationSeconds: 600 }] },
    warmupSeconds: 0,
  },
};
const FAULT = {
  targetId: 'embedded',
  fault: { type: 'latency', delayMs: 500, forSeconds: 600, scope: { pod: 'pod-1' } },
};

/** The service as a person starts it, with its database on the disk. */
class DiskService {
  readonly #child: ChildProcess;
  #url = '';

  private constructor(folder: string) {
    this.#child = spawn(process.execPath, [BIN, 'serve'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        EVENKEEL_PORT: '0',
        EVENKEEL_DATABASE: join(folder, 'data/evenkeel.db'),
        EVENKEEL_EMBEDDED_OPTIONS: '{"pods":3}',
      },
    });
  }

  /** Resolves when it serves. Rejects with what it said when it ends instead. */
  static async start(folder: string): Promise<DiskService> {
    const service = new DiskService(folder);
    const said: string[] = [];
    for await (const line of createInterface(service.#child.stderr!)) {
      said.push(line);
      const { msg, url } = line.startsWith('{') ? JSON.parse(line) : {};
      if (msg !== 'serving') continue;
      service.#url = url;
      service.#child.stderr!.resume();
      return service;
    }
    throw new Error(`the service ended: ${said.join('\n')}`);
  }

  async call(method: 'GET' | 'POST', path: string, body?: object): Promise<Response> {
    return fetch(`${this.#url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
  }

  async get<T>(path: string): Promise<T> {
    return (await this.call('GET', `${API}${path}`)).json() as Promise<T>;
  }

  async post(path: string, body?: object): Promise<Response> {
    return this.call('POST', `${API}${path}`, body);
  }

  /** Waits until its problems are as they should be, and returns them. */
  async problems(are: (problems: readonly string[]) => boolean): Promise<readonly string[]> {
    for (;;) {
      const { problems } = (await (await this.call('GET', '/readyz')).json()) as { problems: string[] };
      if (are(problems)) return problems;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async openFaults(): Promise<FaultList> {
    return this.get('/faults?is=open');
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    return (await ended)[0];
  }

  killIfAlive(): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
  }
}

const describeDisks = canMount() ? describe : describe.skip;

describeDisks('the service on a disk that', () => {
  let disk: MountedDisk;
  let service: DiskService | undefined;
  afterEach(() => {
    service?.killIfAlive();
    disk.remove();
  });

  const start = async () => {
    service = await DiskService.start(disk.folder);
    return service;
  };
  const isReady = (problems: readonly string[]) => problems.length === 0;

  /** A run and a fault are going on. */
  async function atWork(kind: DiskKind): Promise<DiskService> {
    disk = MountedDisk.mount(kind);
    const begun = await start();
    await begun.problems(isReady);
    expect((await begun.post('/runs', RUN)).status).toBe(201);
    expect((await begun.post('/faults', FAULT)).status).toBe(201);
    for (;;) {
      const { faults } = await begun.openFaults();
      if (faults[0]?.state === 'active') return begun;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Whatever the disk does: everything ends at once, and who asks is told of the disk. */
  async function stopsEverything(at: DiskService, saying: RegExp): Promise<void> {
    const stopped = await at.post('/safety/stop-all');
    expect(stopped.status).toBe(200);
    const { stoppedRuns, revertedFaults } = (await stopped.json()) as {
      stoppedRuns: string[];
      revertedFaults: string[];
    };
    expect([stoppedRuns.length, revertedFaults.length]).toEqual([1, 1]);
    for (;;) {
      const { activeRuns } = await at.get<Status>('/status');
      if (activeRuns.length === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const problems = await at.problems((all) => all.some((problem) => saying.test(problem)));
    expect(problems.join(' ')).toContain(disk.folder);
    // Nothing new begins.
    expect([409, 503]).toContain((await at.post('/runs', RUN)).status);
  }

  test.each(DISK_KINDS)(
    'is full (%s): all is ended and taken back, also by a start on it, and written down later',
    async (kind) => {
      const before = await atWork(kind);
      disk.fill();
      await stopsEverything(before, /the disk is full; free some space/);
      for (;;) {
        const { total } = await before.get<FaultList>('/faults?is=open');
        if (total === 0) break;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      // In order, with an empty log to write ahead: the next start finds no room for anything.
      expect(await before.end()).toBe(0);
      const after = await start();
      const told = await after.problems((problems) => problems.some((problem) => problem.includes('the disk is full')));
      expect(told.join(' ')).toContain(`the disk mounted at ${disk.folder}`);
      expect((await after.post('/safety/stop-all')).status).toBe(200);
      disk.free();
      await after.problems(isReady);
      expect((await after.get<SafetyState>('/safety')).engaged).toBe(true);
      const { faults } = await after.get<FaultList>('/faults');
      expect(faults.map(({ state }) => state)).toEqual(['reverted']);
      const { runs } = await after.get<RunList>('/runs');
      expect(runs.map(({ state }) => state)).toEqual(['interrupted']);
      expect(await after.end()).toBe(0);
    }
  );

  test('is full after a service that ended in order had nothing to do on it', async () => {
    disk = MountedDisk.mount('ext4-1k');
    expect(await (await start()).end()).toBe(0);
    disk.fill();
    const after = await start();
    await after.problems((problems) => problems.some((problem) => problem.includes('the disk is full')));
    expect((await after.post('/safety/stop-all')).status).toBe(200);
    expect(await after.end()).toBe(0);
  });

  test('is full before there ever was a service on it', async () => {
    disk = MountedDisk.mount('ext4-4k');
    disk.fill();
    const first = await start();
    await first.problems((problems) => problems.some((problem) => problem.includes('the disk is full')));
    disk.free();
    await first.problems(isReady);
    expect((await first.post('/runs', RUN)).status).toBe(201);
    expect(await first.end()).toBe(0);
  });

  test('turns read-only: all is ended and taken back, and a start on it stops everything too', async () => {
    const before = await atWork('ext4-4k');
    disk.turnReadOnly();
    await stopsEverything(before, /the disk is read-only/);
    await before.end('SIGKILL');
    const after = await start();
    const told = await after.problems((problems) =>
      problems.some((problem) => problem.includes('the disk is read-only'))
    );
    expect(told.join(' ')).toContain('the fault journal cannot be read'.replace('the', 'The'));
    expect((await after.post('/safety/stop-all')).status).toBe(200);
    expect((await after.post('/runs', RUN)).status).toBe(503);
    expect(await after.end()).toBe(0);
  });

  test('vanishes: all is ended and taken back', async () => {
    const before = await atWork('tmpfs');
    disk.unmount();
    await stopsEverything(before, /or its disk was unmounted/);
    expect(await before.end()).toBe(0);
  });
});
