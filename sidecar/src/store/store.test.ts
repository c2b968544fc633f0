import {
  copyFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { scenarioSchema } from '@evenkeel/contract/scenario';
import { exampleReport, exampleRun, runStoreConformance } from '../runs/testing/runStoreConformance.ts';
import { Database } from './database.ts';
import { SCHEMA_VERSION } from './migrations.ts';
import { SqliteAuditLog } from './sqliteAuditLog.ts';
import { SqliteRunStore } from './sqliteRunStore.ts';
import { SqliteSafetyStore } from './sqliteSafetyStore.ts';
import { SqliteScenarioStore } from './sqliteScenarioStore.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-store-'));
const opened: Database[] = [];
let made = 0;
const newFile = () => join(folder, `deep/er/${++made}.db`);
function open(file = newFile()): Database {
  const database = Database.open(file);
  opened.push(database);
  return database;
}
afterEach(() => {
  for (const database of opened.splice(0)) database.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the store in SQLite', () => runStoreConformance(() => new SqliteRunStore(open())));

it('is the same after it was closed and opened again', async () => {
  const file = newFile();
  const { report, samples } = await exampleReport(exampleRun());
  const first = open(file);
  const store = new SqliteRunStore(first);
  store.create(exampleRun());
  for (const sample of samples) store.addSample('run-1', sample);
  store.saveReport('run-1', report);
  new SqliteSafetyStore(first).write({ engaged: true, reason: 'fire', by: 'ada', at: 5 });
  opened.pop()!.close();

  const second = open(file);
  const again = new SqliteRunStore(second);
  expect(again.report('run-1')!.balance).toEqual(report.balance);
  expect(again.samples('run-1', 0, 100)).toEqual(samples);
  expect(new SqliteSafetyStore(second).read()).toEqual({ engaged: true, reason: 'fire', by: 'ada', at: 5 });
});

it('waits for the disk with states and not with samples', () => {
  const { states, samples } = open();
  const level = (of: DatabaseSync) => Object.values(of.prepare('PRAGMA synchronous').get()!)[0];
  expect([level(states), level(samples)]).toEqual([2, 1]);
  expect(states.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
});

it('keeps samples small', async () => {
  const database = open();
  const store = new SqliteRunStore(database);
  const { samples } = await exampleReport(exampleRun());
  store.create(exampleRun());
  for (const sample of samples) store.addSample('run-1', sample);
  const { bytes } = database.samples.prepare('SELECT sum(length(data)) AS bytes FROM samples').get() as {
    bytes: number;
  };
  const text = samples.reduce((sum, sample) => sum + JSON.stringify(sample).length, 0);
  expect(bytes).toBeLessThan(text / 5);
});

it('is not shared by two services, and free again when the first has gone', () => {
  const file = newFile();
  const first = open(file);
  expect(() => Database.open(file)).toThrow(/is in use by another Evenkeel service/);
  opened.splice(opened.indexOf(first), 1);
  first.close();
  open(file);
});

it('refuses a file that is damaged, is something else, is newer, or cannot be reached, and says which', () => {
  const text = newFile();
  open(text);
  opened.pop()!.close();
  writeFileSync(text, 'this is no database, but long enough to look like one '.repeat(50));
  expect(() => open(text)).toThrow(/is not a database/);

  const newer = newFile();
  open(newer).states.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
  opened.pop()!.close();
  expect(() => open(newer)).toThrow(/was written by a newer Evenkeel/);
  // The file was let go: after an upgrade it opens.
  expect(() => open(newer)).toThrow(/newer/);

  const damaged = newFile();
  const store = new SqliteRunStore(open(damaged));
  for (let i = 0; i < 200; i++) store.create(exampleRun({ id: `run-${i}`, note: 'x'.repeat(500) }));
  opened.pop()!.close();
  const size = readFileSync(damaged).length;
  const handle = openSync(damaged, 'r+');
  writeSync(handle, Buffer.alloc(8192, 0xa5), 0, 8192, Math.floor(size / 2 / 4096) * 4096);
  expect(() => open(damaged)).toThrow(/is damaged/);

  // A file stands where a folder is needed.
  expect(() => open(join(text, 'evenkeel.db'))).toThrow(/The folder of the database .* cannot be made/);
});

it('says that the disk is full, recovers when it is not, and has lost nothing that it acknowledged', () => {
  const database = open();
  const store = new SqliteRunStore(database);
  store.create(exampleRun());
  const { page_count } = database.states.prepare('PRAGMA page_count').get() as { page_count: number };
  database.states.exec(`PRAGMA max_page_count = ${page_count + 2}`);
  let created = 0;
  const fill = () => {
    for (let i = 0; i < 100; i++, created++)
      store.create(exampleRun({ id: `full-${created}`, note: 'x'.repeat(2000) }));
  };
  expect(fill).toThrow(/cannot grow: the disk is full; free some space/);
  expect(store.get(`full-${created - 1}`)).toBeDefined();
  expect(store.get(`full-${created}`)).toBeUndefined();
  database.states.exec('PRAGMA max_page_count = 100000');
  expect(database.check()).toBeNull();
  store.create(exampleRun({ id: `full-${created}` }));
});

it('notices that its file was deleted, which SQLite does not', () => {
  const database = open();
  const store = new SqliteRunStore(database);
  store.create(exampleRun());
  expect(database.check()).toBeNull();
  rmSync(database.file);
  expect(database.check()).toMatch(/was deleted or replaced while it was in use/);
  writeFileSync(database.file, '');
  expect(database.check()).toMatch(/restart the service/);
});

describe('what is done to its files by others while they are in use', () => {
  /** A database of several pages, as after some use: part of it is in the file, part in the log. */
  function used(): Database {
    const database = open();
    const store = new SqliteRunStore(database);
    for (let i = 0; i < 50; i++) store.create(exampleRun({ id: `run-${i}`, note: 'x'.repeat(2000) }));
    database.states.exec('PRAGMA wal_checkpoint');
    store.create(exampleRun({ id: 'last' }));
    return database;
  }
  const overwrite = (file: string, bytes: Buffer, at = 0) =>
    writeSync(openSync(file, 'r+'), bytes, 0, bytes.length, at);

  test.each<[string, (file: string) => void, RegExp]>([
    ['emptied', (file) => truncateSync(file, 0), /cut short|header was overwritten/],
    ['cut by one page', (file) => truncateSync(file, readFileSync(file).length - 4096), /cut short/],
    ['cut within its header', (file) => truncateSync(file, 50), /cut short/],
    ['overwritten at its header', (file) => void overwrite(file, Buffer.alloc(100, 0xa5)), /header was overwritten/],
    ['given another magic', (file) => void overwrite(file, Buffer.from('S Q L')), /header was overwritten/],
    ['set back', (file) => void overwrite(file, Buffer.alloc(4), 24), /older copy/],
    ['deprived of its log', (file) => rmSync(`${file}-wal`), /-wal of the database was deleted or replaced/],
    [
      'given another log',
      (file) => {
        copyFileSync(`${file}-wal`, `${file}-copy`);
        renameSync(`${file}-copy`, `${file}-wal`);
      },
      /-wal of the database was deleted or replaced/,
    ],
    ['given an empty log', (file) => truncateSync(`${file}-wal`, 0), /-wal of the database was damaged .*cut short/],
    ['given a log without header', (file) => void overwrite(`${file}-wal`, Buffer.alloc(32)), /-wal .*header was over/],
  ])('%s is noticed, and not forgotten by what is written later', (_, harm, expected) => {
    const database = used();
    expect(database.check()).toBeNull();
    harm(database.file);
    expect(database.check()).toMatch(expected);
    try {
      new SqliteSafetyStore(database).write({ engaged: true, reason: 'fire', by: 'ada', at: 5 });
      database.states.exec('PRAGMA wal_checkpoint');
    } catch {
      // SQLite may have noticed as well.
    }
    expect(database.check()).toMatch(expected);
  });

  it('is noticed although nobody had looked since the file grew', () => {
    const database = open();
    const store = new SqliteRunStore(database);
    for (let i = 0; i < 3000; i++) store.create(exampleRun({ id: `run-${i}`, note: 'x'.repeat(2000) }));
    database.states.exec('PRAGMA wal_checkpoint');
    const size = readFileSync(database.file).length;
    expect(size).toBeGreaterThan(2 * readFileSync(`${database.file}-wal`).length);
    truncateSync(database.file, 4096 * 30);
    expect(database.check()).toMatch(/cut short/);
  });

  it('is none of it when they grow, are checkpointed and begin again', () => {
    const database = open();
    const store = new SqliteRunStore(database);
    for (let i = 0; i < 600; i++) {
      store.create(exampleRun({ id: `run-${i}`, note: 'x'.repeat(2000) }));
      if (i % 5 === 4) database.states.exec(`DELETE FROM runs WHERE id = 'run-${i - 3}'`);
      if (i % 100 === 99) database.samples.exec('PRAGMA wal_checkpoint');
      expect(database.check()).toBeNull();
    }
  });

  it('an emptied file with a log beside it is not taken for a new one', () => {
    const { file } = used();
    const log = readFileSync(`${file}-wal`);
    opened.pop()!.close();
    writeFileSync(file, '');
    writeFileSync(`${file}-wal`, log);
    expect(() => open(file)).toThrow(
      /is damaged: it is empty, and its log .*-wal is not; restore a copy, or move both away/
    );
    rmSync(file);
    rmSync(`${file}-wal`);
    open(file);
  });
});

it('upgrades an empty file once and leaves a current one alone', () => {
  const file = newFile();
  open(file);
  opened.pop()!.close();
  const { states } = open(file);
  expect(states.prepare('PRAGMA user_version').get()).toEqual({ user_version: SCHEMA_VERSION });
});

it('keeps saved scenarios in the order of their names', () => {
  const store = new SqliteScenarioStore(open());
  const entry = (id: string, name: string) => ({
    id,
    builtIn: false as const,
    scenario: scenarioSchema.parse({ name, load: { model: 'users', users: 10, spawnRate: 1, durationSeconds: 10 } }),
    updatedAt: 5,
    updatedBy: 'ada',
  });
  store.put(entry('one', 'b'));
  store.put(entry('two', 'a'));
  expect(store.ids()).toEqual(['two', 'one']);
  store.put(entry('one', 'A first'));
  expect(store.ids()).toEqual(['one', 'two']);
  expect(store.get('one')).toEqual(entry('one', 'A first'));
  expect([store.delete('one'), store.delete('one'), store.get('one')]).toEqual([true, false, undefined]);
});

it('keeps the audit log in order, by page, and lets nobody change it', () => {
  const database = open();
  const log = new SqliteAuditLog(database);
  const entry = {
    at: 1,
    subject: 'ada',
    role: 'Admin' as const,
    verified: true,
    action: 'POST /api/v1/runs',
    object: 'run x',
    status: 201,
    outcome: 'done',
    requestId: 'r',
  };
  for (let i = 0; i < 5; i++) log.add({ ...entry, at: i });
  expect(log.list(2).map(({ id, at }) => [id, at])).toEqual([
    [5, 4],
    [4, 3],
  ]);
  expect(log.list(2, 4)[0]).toEqual({ id: 3, ...entry, at: 2 });
  expect(() => database.states.exec("UPDATE audit SET subject = 'somebody else'")).toThrow(/append-only/);
});
