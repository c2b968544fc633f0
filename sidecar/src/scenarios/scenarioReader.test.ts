import { STANDARD_LIMITS } from '@evenkeel/contract/limits';
import { MAX_SCENARIO_BYTES } from '@evenkeel/contract/scenarioFile';
import { READER_LIMITS, ScenarioReader } from './scenarioReader.ts';

const GOOD = 'name: Shop\nload: {model: users, users: 10, spawnRate: 1, durationSeconds: 10}';
/** As long in the reading as a text can be. */
const LONG = `${'#\n'.repeat(MAX_SCENARIO_BYTES / 2 - 100)}${GOOD}`;

const readers: ScenarioReader[] = [];
afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
});
function open(limits: Partial<typeof READER_LIMITS> = {}, scenarioLimits = STANDARD_LIMITS): ScenarioReader {
  const reader = new ScenarioReader(scenarioLimits, { ...READER_LIMITS, patienceMs: 100_000, ...limits });
  readers.push(reader);
  return reader;
}

it('reads what it is given, and says what is wrong with line, field and limit', async () => {
  const reader = open();
  expect(await reader.read(GOOD)).toMatchObject({ name: 'Shop', drainSeconds: 5 });
  await expect(reader.read(`${GOOD}\nwarmupSeconds: -1\ncolour: red`)).rejects.toMatchObject({
    name: 'ScenarioTextError',
    message: expect.stringMatching(/^line 3, warmupSeconds: -1 is below 0 .*\nline 4, colour: unknown field/),
    problems: [
      { field: 'warmupSeconds', line: 3 },
      { field: 'colour', line: 4 },
    ],
    more: 0,
  });
  await expect(reader.read('a: [')).rejects.toThrow(/not JSON or YAML/);
});

it('goes by the limits of the service', async () => {
  const wide = { ...STANDARD_LIMITS, users: { min: 1, max: 5000 } };
  const text = GOOD.replace('users: 10', 'users: 5000');
  expect((await open({}, wide).read(text)).load).toMatchObject({ users: 5000 });
  await expect(open().read(text)).rejects.toThrow(/5000 is above 1000/);
});

it('holds up nobody: the event loop of the service does not wait for a long text', async () => {
  const reader = open();
  await reader.read(GOOD);
  const before = process.threadCpuUsage();
  let turns = 0;
  let over = false;
  const counted = (async () => {
    while (!over) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      turns++;
    }
  })();
  await reader.read(LONG);
  over = true;
  await counted;
  const { user, system } = process.threadCpuUsage(before);
  // Read in this thread it takes a third of a second of its CPU.
  expect((user + system) / 1000).toBeLessThan(200);
  expect(turns).toBeGreaterThan(5);
});

it('gives up a text that takes too long, and reads the next one', async () => {
  const reader = open({ patienceMs: 1 });
  const [late, next] = await Promise.allSettled([reader.read(LONG), reader.read(LONG)]);
  expect([late, next]).toMatchObject(
    [1, 2].map(() => ({
      reason: { problem: 'invalid-request', message: expect.stringContaining('takes too much time') },
    }))
  );
  const patient = open();
  expect((await patient.read(GOOD)).name).toBe('Shop');
});

it('lets only so many wait', async () => {
  const reader = open({ maxWaiting: 2 });
  const reads = await Promise.allSettled([1, 2, 3, 4, 5].map(() => reader.read(GOOD)));
  expect(reads.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected']);
  expect(reads[4]).toMatchObject({ reason: { problem: 'overloaded' } });
  expect((await reader.read(GOOD)).name).toBe('Shop');
});

it('ends its thread after a while without a text, and starts another one', async () => {
  const reader = open({ idleMs: 1 });
  for (let i = 0; i < 2; i++) {
    expect((await reader.read(GOOD)).name).toBe('Shop');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

it('refuses what waits when it is closed', async () => {
  const reader = open();
  const reads = [reader.read(LONG), reader.read(GOOD)];
  reader.close();
  const settled = await Promise.allSettled(reads);
  expect(settled).toMatchObject([1, 2].map(() => ({ reason: { problem: 'not-ready' } })));
});
