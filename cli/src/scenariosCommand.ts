import { PATHS, type StoredScenario, scenarioListSchema, storedScenarioSchema } from '@evenkeel/contract/api';
import { idSchema } from '@evenkeel/contract/ids';
import { quotedText } from '@evenkeel/contract/unseenText';
import { describeLoad } from '@evenkeel/core/report/reportSections';
import { readScenarioText, ScenarioFileError, writeScenarioFile } from '@evenkeel/sidecar/scenarios/scenarioFile';
import { formatScenarioText } from '@evenkeel/sidecar/scenarios/scenarioText';
import { ServiceClient, type ServiceFlags, ServiceRefusal } from './serviceClient.ts';
import { EXIT, UsageError } from './usageError.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

/** `evenkeel scenarios list`: the scenarios of a service. */
export async function listScenarios(flags: ServiceFlags): Promise<number> {
  const { scenarios } = await new ServiceClient(flags).ask(scenarioListSchema, 'GET', PATHS.scenarios);
  const width = Math.max(...scenarios.map(({ id }) => id.length));
  for (const { id, builtIn, scenario, updatedBy } of scenarios) {
    say(
      `${id.padEnd(width)}  ${scenario.name}: ${describeLoad(scenario)} (${builtIn ? 'built in' : `by ${updatedBy}`})`
    );
  }
  return EXIT.passed;
}

/** `evenkeel scenarios export`: one scenario as a file, or on the screen as YAML. */
export async function exportScenario(id: string, file: string | undefined, flags: ServiceFlags): Promise<number> {
  const { scenario } = await new ServiceClient(flags).ask(storedScenarioSchema, 'GET', pathOf(PATHS.scenario, id));
  if (file === undefined) {
    process.stdout.write(formatScenarioText(scenario, 'yaml'));
    return EXIT.passed;
  }
  await withFile(() => writeScenarioFile(file, scenario));
  say(`${id} is in ${file}.`);
  return EXIT.passed;
}

/** `evenkeel scenarios import`: saves a file in a service, whose limits decide. */
export async function importScenario(file: string, flags: ServiceFlags & { id?: string }): Promise<number> {
  if (flags.id !== undefined) checkId(flags.id);
  const client = new ServiceClient(flags);
  const text = await withFile(() => readScenarioText(file));
  try {
    const body = { text, ...(flags.id === undefined ? {} : { id: flags.id }) };
    told('saved', await client.ask(storedScenarioSchema, 'POST', PATHS.scenarioImport, body));
  } catch (error) {
    const problems = error instanceof ServiceRefusal ? (error.problem.errors ?? []) : [];
    if (problems.length === 0) throw error;
    throw new UsageError(problems.map((problem) => `${file}: ${placed(problem)}`).join('\n'));
  }
  return EXIT.passed;
}

/** `evenkeel scenarios duplicate`: a copy under a new id. */
export async function duplicateScenario(id: string, flags: ServiceFlags & { name?: string }): Promise<number> {
  const body = flags.name === undefined ? {} : { name: flags.name };
  const path = pathOf(PATHS.scenarioDuplicate, id);
  told('copied', await new ServiceClient(flags).ask(storedScenarioSchema, 'POST', path, body));
  return EXIT.passed;
}

/** `evenkeel scenarios delete`: takes a saved one away. */
export async function deleteScenario(id: string, flags: ServiceFlags): Promise<number> {
  await new ServiceClient(flags).remove(pathOf(PATHS.scenario, id));
  say(`${id} is deleted.`);
  return EXIT.passed;
}

const told = (what: string, { id, scenario }: StoredScenario) =>
  say(`${quotedText(scenario.name)} is ${what} as ${id}.`);

/** The words of a file that is read here: `line 4, load.users: …`. */
function placed({ field, message }: { field: string; message: string }): string {
  if (field === 'body.text') return message;
  const [, line, rest] = /^(line \d+): (.*)$/s.exec(message) ?? [];
  return line === undefined ? `${field}: ${message}` : `${line}, ${field}: ${rest}`;
}

function pathOf(path: string, id: string): string {
  checkId(id);
  return path.replace('{id}', id);
}

function checkId(id: string): void {
  if (!idSchema.safeParse(id).success)
    throw new UsageError(`${quotedText(id)} is no id: letters, digits, - and _ only.`);
}

async function withFile<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ScenarioFileError) throw new UsageError(error.message);
    throw error;
  }
}
