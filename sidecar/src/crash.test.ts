import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { Random } from '@evenkeel/core/random/random';

/** Kills in all, in chains that run side by side, each on a database of its own. */
const KILLS = 50;
const CHAINS = 2;
const SEED = 4711;

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-crash-'));
const alive = new Set<ChildProcess>();
afterAll(() => {
  for (const child of alive) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/**
 * The life of runs over the real store, without the API in front (which would only make fifty starts slow), over a load that is
 * counted a hundred times faster than life, so that a kill hits it in the middle of writing. It tells what it found, starts a run,
 * and says after each second which one is on the disk.
 */
const PROGRAM = `
  import { flushCompileCache } from 'node:module';
  import { Database } from '${new URL('./store/database.ts', import.meta.url)}';
  import { SqliteRunStore } from '${new URL('./store/sqliteRunStore.ts', import.meta.url)}';
  import { RunService } from '${new URL('./runs/runService.ts', import.meta.url)}';
  import { executeRun } from '${new URL('../../core/src/run/runExecution.ts', import.meta.url)}';
  import { fixedCatalog } from '${new URL('../../core/src/targets/targetCatalog.ts', import.meta.url)}';
  import { FakeLoadEngine } from '${new URL('../../core/src/run/testing/fakeLoadEngine.ts', import.meta.url)}';
  import { scenarioSchema } from '${new URL('../../contract/src/scenario.ts', import.meta.url)}';
  import { runQuerySchema } from '${new URL('../../contract/src/api.ts', import.meta.url)}';
  // Whoever is killed writes no cache at its end, and fifty starts are most of this test.
  flushCompileCache();
  const say = (what) => console.log(JSON.stringify(what));
  const pods = ['a', 'b', 'c'].map((pod) => ({ pod, address: null, ready: true, weight: 1, cpuCores: null, memoryBytes: null, activeConnections: null, restarts: 0 }));
  const target = { id: 'shop', name: 'Shop', kind: 'url', url: 'http://127.0.0.1:9/', attribution: { header: 'x-pod' }, balancer: 'none' };
  const database = Database.open(process.env.DATABASE);
  const runs = new RunService({
    store: new SqliteRunStore(database),
    targets: fixedCatalog([{ target, directory: { list: () => pods, complete: true }, allowedNetworks: [] }]),
    engine: new FakeLoadEngine({ tickMs: 10, perPod: 10 }),
    execute: executeRun,
    // Observers are told before a second is written, so the one before it is on the disk.
    observer: { runStarted() {}, second() {}, sample: (run, { second }) => say({ written: second - 1 }), runEnded: (run) => say({ ended: run.state }) },
    scenario: () => scenarioSchema.parse({ name: 'crash', warmupSeconds: 0, load: { model: 'rate', stages: [{ from: 1, to: 1, durationSeconds: Number(process.env.SECONDS) }] } }),
    admit: () => {},
    newId: () => crypto.randomUUID(),
    now: Date.now,
    maxActive: 1,
    retention: { runs: 1000, days: 1000 },
    complain: (message, error) => console.error(message, error),
  });
  const recovered = runs.recover();
  const [last] = (await runs.list(runQuerySchema.parse({ limit: '1' }))).runs;
  const samples = last ? [...runs.samples(last.id, 0)] : [];
  say({ found: { problem: runs.storeProblem(), recovered, state: last?.state, id: last?.id, seconds: samples.map(({ second }) => second) } });
  say({ started: runs.start({ targetId: 'shop', scenarioId: 'x' }, 'test').run.id });
`;

interface Told {
  found?: { problem: string | null; recovered: string[]; state?: string; id?: string; seconds: number[] };
  started?: string;
  written?: number;
  ended?: string;
}

/** One life of the service. */
class Life {
  readonly child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;
  errors = '';

  /** A run of so many seconds, a hundredth of that in the time of this machine. */
  constructor(file: string, seconds: number) {
    this.child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
      env: {
        PATH: process.env.PATH,
        DATABASE: file,
        SECONDS: String(seconds),
        NODE_COMPILE_CACHE: join(folder, 'compiled'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    alive.add(this.child);
    this.child.stderr!.on('data', (text) => {
      this.errors += text;
    });
    this.#reader = createInterface(this.child.stdout!);
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  /** What it says next; null when it has died. */
  async next(): Promise<Told | null> {
    const { done, value } = await this.#lines.next();
    return done ? null : (JSON.parse(value) as Told);
  }

  /** Kills it and returns the last second that it said to be on the disk. */
  async kill(): Promise<number> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    let written = -1;
    for (let told = await this.next(); told !== null; told = await this.next()) {
      if (told.written !== undefined) written = told.written;
    }
    await exit;
    alive.delete(this.child);
    return written;
  }
}

async function chain(index: number, kills: number): Promise<number> {
  const file = join(folder, `${index}.db`);
  const random = new Random(SEED, index);
  let previous: { id: string; written: number } | null = null;
  let interrupted = 0;
  for (let i = 0; i <= kills; i++) {
    // A run that is to be killed lasts longer than any machine is late.
    const life = new Life(file, i === kills ? 40 : 600);
    const found = (await life.next())?.found;
    if (found === undefined) throw new Error(`the service did not start: ${life.errors}`);
    expect(found.problem).toBeNull();
    if (previous !== null) {
      expect(found).toMatchObject({ recovered: [previous.id], id: previous.id, state: 'interrupted' });
      // Without a gap, and nothing that was said to be written is missing.
      expect(found.seconds).toEqual(found.seconds.map((_, second) => second));
      expect(found.seconds.length - 1).toBeGreaterThanOrEqual(previous.written);
      interrupted++;
    }
    let told = await life.next();
    while (told !== null && told.started === undefined) told = await life.next();
    if (told === null) throw new Error(`no run was started: ${life.errors}`);
    const { started } = told;
    if (i === kills) {
      // The next run works: to its end.
      while (told !== null && told.ended === undefined) told = await life.next();
      expect(told?.ended).toBe('finished');
      await life.kill();
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, random.next() * 200));
    previous = { id: started!, written: await life.kill() };
  }
  const database = new DatabaseSync(file);
  expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
  const states = database.prepare('SELECT state, count(*) AS n FROM runs GROUP BY state ORDER BY state').all();
  expect(states.map(({ state, n }) => [state, n])).toEqual([
    ['finished', 1],
    ['interrupted', kills],
  ]);
  database.close();
  return interrupted;
}

it(`survives ${KILLS} times kill -9 in the middle of a run: the database is whole, the run is interrupted, the next one works`, async () => {
  const chains = Array.from({ length: CHAINS }, (_, i) => chain(i, KILLS / CHAINS));
  const interrupted = await Promise.all(chains);
  expect(interrupted.reduce((sum, n) => sum + n, 0)).toBe(KILLS);
}, 300_000);
