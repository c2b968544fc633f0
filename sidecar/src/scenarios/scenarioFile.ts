import { open, rename, rm, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { type Limits, STANDARD_LIMITS } from '@evenkeel/contract/limits';
import type { Scenario } from '@evenkeel/contract/scenario';
import { MAX_SCENARIO_BYTES } from '@evenkeel/contract/scenarioFile';
import { formatScenarioText, parseScenarioText, ScenarioTextError } from './scenarioText.ts';

/** A scenario file that cannot be used, in words for people; never a stack trace's business. */
export class ScenarioFileError extends Error {
  constructor(path: string, reason: string) {
    super(`${path}: ${reason}`);
    this.name = 'ScenarioFileError';
  }
}

/** Reads a scenario file, JSON or YAML whatever its name. Throws a ScenarioFileError that names file, line, field and limit. */
export async function readScenarioFile(path: string, limits: Limits = STANDARD_LIMITS): Promise<Scenario> {
  const text = await readScenarioText(path);
  try {
    return parseScenarioText(text, limits);
  } catch (error) {
    if (!(error instanceof ScenarioTextError)) throw error;
    const reasons = error.message.split('\n');
    throw new ScenarioFileError(
      path,
      reasons.length === 1 ? reasons[0]! : `\n${reasons.map((r) => `  ${r}`).join('\n')}`
    );
  }
}

/** Writes a scenario as JSON for a name that ends in `.json`, else as YAML. A crash leaves the old file or the new one. */
export async function writeScenarioFile(path: string, scenario: Scenario): Promise<void> {
  const text = formatScenarioText(scenario, extname(path).toLowerCase() === '.json' ? 'json' : 'yaml');
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(draft, text, { flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw new ScenarioFileError(path, `cannot be written: ${reasonOf(error)}`);
  }
}

/** Reads the text of a scenario file without looking at it. Throws a ScenarioFileError. */
export async function readScenarioText(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    const file = await open(path, 'r');
    try {
      // One byte more than allowed tells a long file from a full one, whatever the file system says of its size.
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_SCENARIO_BYTES + 1), 0, MAX_SCENARIO_BYTES + 1, 0);
      bytes = buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new ScenarioFileError(path, `cannot be read: ${reasonOf(error)}`);
  }
  if (bytes.length > MAX_SCENARIO_BYTES) {
    throw new ScenarioFileError(path, `is longer than ${MAX_SCENARIO_BYTES} bytes, the most that a scenario may have`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ScenarioFileError(path, 'is not text in UTF-8');
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not open it',
  EISDIR: 'it is a directory',
  ENOSPC: 'the disk is full',
};

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}
