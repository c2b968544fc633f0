import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scenarioSchema } from '@evenkeel/contract/scenario';
import { builtinScenarios, spike } from '@evenkeel/core/scenarios/builtinScenarios';
import { readScenarioFile, ScenarioFileError, writeScenarioFile } from './scenarioFile.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenkeel-scenarios-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileWith(content: string | Buffer): Promise<string> {
  const path = join(folder, 'scenario.yaml');
  await writeFile(path, content);
  return path;
}

it.each(['spike.json', 'spike.yaml', 'spike.yml', 'spike'])('%s comes back as it was written', async (name) => {
  const scenario = scenarioSchema.parse(spike());
  const path = join(folder, name);
  await writeScenarioFile(path, scenario);
  expect(await readScenarioFile(path)).toEqual(scenario);
  expect((await readFile(path, 'utf8')).startsWith('{')).toBe(name.endsWith('.json'));
});

it('replaces an older file and leaves no draft behind', async () => {
  const path = join(folder, 'replaced.yaml');
  for (const { scenario } of builtinScenarios()) await writeScenarioFile(path, scenarioSchema.parse(scenario));
  expect((await readScenarioFile(path)).name).toBe('Gradual ramp');
  expect((await readdir(folder)).filter((name) => name.includes('.tmp'))).toEqual([]);
});

it('names the file, the line, the field and the limit', async () => {
  const path = await fileWith('name: a\nload: { model: users, users: 5, spawnRate: 1, durationSeconds: 60 }\n');
  await expect(readScenarioFile(path)).rejects.toThrow(
    new ScenarioFileError(path, 'line 2, load.users: 5 is below 10 (allowed 10 to 1000)')
  );
});

it('lists several problems one under the other', async () => {
  const path = await fileWith('load: { model: users, users: 5, spawnRate: 1, durationSeconds: 6 }\n');
  await expect(readScenarioFile(path)).rejects.toThrow(
    `${path}: \n  name: is missing (allowed 1 to 100 characters)\n  line 1, load.users: 5 is below 10`
  );
});

it.each([
  ['no file', () => join(folder, 'none.yaml'), 'cannot be read: there is no such file'],
  ['a directory', () => folder, 'cannot be read: it is a directory'],
  ['a long file', () => fileWith(Buffer.alloc(262_145, 32)), 'is longer than 262144 bytes'],
  ['no text', () => fileWith(Buffer.from([0xff, 0xfe, 0x00])), 'is not text in UTF-8'],
])('says so when it gets %s', async (_name, make, message) => {
  const path = await make();
  await expect(readScenarioFile(path)).rejects.toThrow(`${path}: ${message}`);
});

it('says so when it cannot write', async () => {
  const path = join(folder, 'missing', 'a.yaml');
  await expect(writeScenarioFile(path, scenarioSchema.parse(spike()))).rejects.toThrow(`${path}: cannot be written`);
});
