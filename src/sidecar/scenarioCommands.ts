import { type SaveScenarioInput, type StoredScenario, storedScenarioSchema } from '@evenkeel/contract/api';
import { callService } from './callService.ts';

/** Saves a scenario under an id made from its name. */
export const createScenario = (body: SaveScenarioInput): Promise<StoredScenario> =>
  callService(storedScenarioSchema, { path: 'scenarios', method: 'POST', body });
