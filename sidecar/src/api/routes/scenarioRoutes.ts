import {
  idParamsSchema,
  PATHS,
  saveScenarioSchemaFor,
  scenarioListSchema,
  storedScenarioSchema,
} from '@evenkeel/contract/api';
import { apiPath } from '../apiPath.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';

/** The built-in scenarios and those that people saved. */
export function scenarioRoutes({ scenarios, limits }: Services): Route[] {
  const tag = 'Scenarios';
  const body = saveScenarioSchemaFor(limits);
  return [
    route({
      method: 'get',
      path: apiPath(PATHS.scenarios),
      access: 'Viewer',
      rate: 'read',
      tag,
      summary: 'All scenarios, the built-in ones first',
      responses: { 200: { description: 'The scenarios', schema: scenarioListSchema } },
      handle: () => ({ status: 200, json: { scenarios: scenarios.list() } }),
    }),
    route({
      method: 'get',
      path: apiPath(PATHS.scenario),
      access: 'Viewer',
      rate: 'read',
      tag,
      summary: 'One scenario',
      params: idParamsSchema,
      responses: { 200: { description: 'The scenario', schema: storedScenarioSchema } },
      problems: ['not-found'],
      handle: ({ params }) => ({ status: 200, json: scenarios.get(params.id) }),
    }),
    route({
      method: 'post',
      path: apiPath(PATHS.scenarios),
      access: 'Editor',
      rate: 'write',
      tag,
      summary: 'Save a scenario; its id is made from its name',
      body,
      responses: {
        201: {
          description: 'Saved',
          schema: storedScenarioSchema,
          headers: { Location: 'Path of the scenario' },
        },
      },
      problems: ['wrong-state'],
      handle: ({ body, identity, actsOn }) => {
        const entry = scenarios.add(body.scenario, identity.subject);
        actsOn(`scenario ${entry.id}`);
        return { status: 201, json: entry, headers: { Location: apiPath(`${PATHS.scenarios}/${entry.id}`) } };
      },
    }),
    route({
      method: 'put',
      path: apiPath(PATHS.scenario),
      access: 'Editor',
      rate: 'write',
      tag,
      summary: 'Save a scenario under an id: creates or replaces it',
      params: idParamsSchema,
      body,
      responses: {
        200: { description: 'Replaced', schema: storedScenarioSchema },
        201: { description: 'Created', schema: storedScenarioSchema },
      },
      problems: ['read-only', 'wrong-state'],
      handle: ({ params, body, identity, actsOn }) => {
        actsOn(`scenario ${params.id}`);
        const { entry, created } = scenarios.put(params.id, body.scenario, identity.subject);
        return { status: created ? 201 : 200, json: entry };
      },
    }),
    route({
      method: 'delete',
      path: apiPath(PATHS.scenario),
      access: 'Editor',
      rate: 'write',
      tag,
      summary: 'Delete a saved scenario; runs that used it keep their copy',
      params: idParamsSchema,
      responses: { 204: { description: 'Deleted' } },
      problems: ['not-found', 'read-only'],
      handle: ({ params, actsOn }) => {
        actsOn(`scenario ${params.id}`);
        scenarios.delete(params.id);
        return { status: 204 };
      },
    }),
  ];
}
