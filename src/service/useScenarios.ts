import { type ScenarioList, scenarioListSchema } from '@evenkeel/contract/api';
import { callService } from './callService.ts';
import { type Resource, useResource } from './useResource.ts';

/** Built-in and saved scenarios. */
export const useScenarios = (): Resource<ScenarioList> =>
  useResource('scenarios', (signal) => callService(scenarioListSchema, { path: 'scenarios', signal }));
