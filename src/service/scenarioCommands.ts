import { type SaveScenarioInput, type StoredScenario, storedScenarioSchema } from '@evenkeel/contract/api';
import type { ScenarioFormat } from '@evenkeel/contract/scenarioFile';
import { saveAsFile } from './browserFile.ts';
import { callService, callServiceForText } from './callService.ts';

/** Saves a scenario under an id made from its name. */
export const createScenario = (body: SaveScenarioInput): Promise<StoredScenario> =>
  callService(storedScenarioSchema, { path: 'scenarios', method: 'POST', body });

/** Replaces a saved scenario. */
export const changeScenario = (id: string, body: SaveScenarioInput): Promise<StoredScenario> =>
  callService(storedScenarioSchema, { path: 'scenario', id, method: 'PUT', body });

/** Saves a copy of any scenario. */
export const duplicateScenario = (id: string): Promise<StoredScenario> =>
  callService(storedScenarioSchema, { path: 'scenarioDuplicate', id, method: 'POST', body: {} });

/** Saves what a JSON or YAML file holds. A refusal names line, field and limit. */
export const importScenario = (text: string): Promise<StoredScenario> =>
  callService(storedScenarioSchema, { path: 'scenarioImport', method: 'POST', body: { text } });

export const deleteScenario = async (id: string): Promise<void> => {
  await callServiceForText({ path: 'scenario', id, method: 'DELETE' });
};

/** Fetches a scenario as a file and hands it to the browser. */
export async function downloadScenario(id: string, format: ScenarioFormat): Promise<void> {
  const text = await callServiceForText({ path: 'scenarioFile', id, query: { format } });
  saveAsFile(text, `${id}.${format}`, format === 'json' ? 'application/json' : 'application/yaml');
}
