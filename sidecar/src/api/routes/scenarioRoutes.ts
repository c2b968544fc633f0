import {
  idParamsSchema,
  PATHS,
  type StoredScenario,
  saveScenarioSchemaFor,
  scenarioListSchema,
  storedScenarioSchema,
} from '@evenkeel/contract/api';
import { Refusal } from '@evenkeel/contract/refusal';
import { type Scenario, widestScenarioSchema } from '@evenkeel/contract/scenario';
import {
  duplicateScenarioSchema,
  importScenarioSchema,
  type ScenarioFormat,
  scenarioFileQuerySchema,
} from '@evenkeel/contract/scenarioFile';
import { formatScenarioText, ScenarioTextError } from '../../scenarios/scenarioText.ts';
import { listParts } from '../answerParts.ts';
import { apiPath } from '../apiPath.ts';
import { type Reply, type Route, route } from '../route.ts';
import type { Services } from '../services.ts';

const FILE_TYPES: Readonly<Record<ScenarioFormat, string>> = { yaml: 'application/yaml', json: 'application/json' };

/** Reads a file that somebody imports. Throws a refusal that says line, field and limit of everything that is wrong. */
async function importedScenario(text: string, reader: Services['reader']): Promise<Scenario> {
  try {
    return await reader.read(text);
  } catch (error) {
    if (!(error instanceof ScenarioTextError)) throw error;
    throw new Refusal('invalid-request', error.message.replaceAll('\n', '; '), {
      errors: error.problems.map(({ field, line, message }) => ({
        field: field === '' ? 'body.text' : field,
        message: line === null ? message : `line ${line}: ${message}`,
      })),
    });
  }
}

const saved = (entry: StoredScenario): Reply => ({
  status: 201,
  json: entry,
  headers: { Location: apiPath(`${PATHS.scenarios}/${entry.id}`) },
});

/** The built-in scenarios and those that people saved. */
export function scenarioRoutes({ scenarios, reader, limits }: Services): Route[] {
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
      handle: () => ({ status: 200, parts: listParts('scenarios', scenarios.list(), () => ({})) }),
    }),
    // Before the path with the id, which would take the word for one.
    route({
      method: 'post',
      path: apiPath(PATHS.scenarioImport),
      access: 'Editor',
      rate: 'write',
      tag,
      summary: 'Save a scenario from the text of a JSON or YAML file',
      description:
        'What is wrong with the text is told with line, field and limit, the first twenty problems at once. A text that is nested deeper than 32 levels, or holds more than 6,000 values, 1,000 entries in one group, or 100 aliases, is refused unread.',
      body: importScenarioSchema,
      responses: {
        200: { description: 'Replaced', schema: storedScenarioSchema },
        201: { description: 'Saved', schema: storedScenarioSchema, headers: { Location: 'Path of the scenario' } },
      },
      problems: ['read-only', 'wrong-state', 'overloaded', 'not-ready'],
      handle: async ({ body: { text, id }, identity, actsOn }) => {
        if (id !== undefined) actsOn(`scenario ${id}`);
        const scenario = await importedScenario(text, reader);
        const { entry, created } =
          id === undefined
            ? { entry: scenarios.add(scenario, identity.subject), created: true }
            : scenarios.put(id, scenario, identity.subject);
        actsOn(`scenario ${entry.id}`);
        return created ? saved(entry) : { status: 200, json: entry };
      },
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
      method: 'get',
      path: apiPath(PATHS.scenarioFile),
      access: 'Viewer',
      rate: 'read',
      tag,
      summary: 'One scenario as a file, in YAML or JSON, with every field written out',
      params: idParamsSchema,
      query: scenarioFileQuerySchema,
      responses: { 200: { description: 'The file', schema: widestScenarioSchema, types: Object.values(FILE_TYPES) } },
      problems: ['not-found'],
      handle: ({ params, query: { format } }) => ({
        status: 200,
        text: {
          type: `${FILE_TYPES[format]}; charset=utf-8`,
          body: formatScenarioText(scenarios.get(params.id).scenario, format),
        },
        headers: { 'Content-Disposition': `attachment; filename="${params.id}.${format}"` },
      }),
    }),
    route({
      method: 'post',
      path: apiPath(PATHS.scenarioDuplicate),
      access: 'Editor',
      rate: 'write',
      tag,
      summary: 'Save a copy of a scenario, also of a built-in one',
      params: idParamsSchema,
      body: duplicateScenarioSchema,
      bodyOptional: true,
      responses: {
        201: { description: 'Saved', schema: storedScenarioSchema, headers: { Location: 'Path of the copy' } },
      },
      problems: ['not-found', 'wrong-state'],
      handle: ({ params, body, identity, actsOn }) => {
        const entry = scenarios.duplicate(params.id, body.name, identity.subject);
        actsOn(`scenario ${entry.id}, a copy of ${params.id}`);
        return saved(entry);
      },
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
        return saved(entry);
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
