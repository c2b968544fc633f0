import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { PROBLEMS, type ProblemName, problemSchema } from '@evenkeel/contract/problem';
import { PROBLEM_TYPE } from './problemResponse.ts';
import { isWrite, type Route } from './route.ts';

/** Types of answers that a schema describes; those of others are text. */
const HOLDS_JSON = /^application\/json$|^text\/event-stream$/;

type Responses = RouteConfig['responses'];

const EVERYWHERE: readonly ProblemName[] = [
  'bad-path',
  'wrong-origin',
  'too-many-requests',
  'internal-error',
  'not-ready',
  'overloaded',
];

/** Documents that were made before: making one takes as long as answering a thousand requests. */
const made = new WeakMap<readonly Route[], unknown>();

/** All refusals that a route may answer with. */
export function problemsOf(route: Route): ProblemName[] {
  const names = new Set<ProblemName>([...EVERYWHERE, ...(route.problems ?? [])]);
  if (route.access !== 'public') names.add('not-signed-in');
  if (route.access === 'Editor' || route.access === 'Admin' || route.access === 'signed-in') names.add('role-too-low');
  if (isWrite(route) && !route.safeDirection) names.add('identity-unavailable');
  // Every route knows its query parameters, if only that it has none.
  if (!route.safeDirection) names.add('invalid-request');
  if (route.body) names.add('too-large');
  if (route.body && !route.safeDirection) names.add('not-json');
  return [...names];
}

/** The OpenAPI document of a route table, made once. */
export function openApiDocument(routes: readonly Route[], version: string): unknown {
  const document = made.get(routes) ?? makeDocument(routes, version);
  made.set(routes, document);
  return document;
}

function makeDocument(routes: readonly Route[], version: string): unknown {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  for (const route of routes) {
    registry.registerPath({
      method: route.method,
      path: route.path,
      operationId: operationId(route),
      tags: [route.tag],
      summary: route.summary,
      ...(route.description === undefined ? {} : { description: route.description }),
      security: route.access === 'public' ? [] : [{ token: [] }],
      'x-evenkeel-access': route.access,
      'x-evenkeel-rate': route.rate,
      request: {
        ...(route.params ? { params: route.params } : {}),
        ...(route.query ? { query: route.query } : {}),
        ...(route.headers ? { headers: route.headers } : {}),
        ...(route.body
          ? { body: { content: { 'application/json': { schema: route.body } }, required: !route.bodyOptional } }
          : {}),
      },
      responses: { ...successes(route), ...refusals(route) },
    });
  }
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Evenkeel',
      version,
      description:
        'Runs load tests, says how evenly the load was spread over pods, and remembers it. Every refusal is application/problem+json with a stable type.',
    },
  });
}

/** `getRunsReport` for GET /api/v1/runs/{id}/report, `getRun` for GET /api/v1/runs/{id}. */
function operationId({ method, path }: Route): string {
  const words = path
    .replace('/api/v1', '')
    .split(/[/.-]+/)
    .filter(Boolean);
  return method + words.map((word) => (word === '{id}' ? 'ById' : word[0]!.toUpperCase() + word.slice(1))).join('');
}

function successes(route: Route): Responses {
  return Object.fromEntries(
    Object.entries(route.responses).map(([status, { description, schema, types, headers }]) => [
      status,
      {
        description,
        ...(headers
          ? {
              headers: Object.fromEntries(
                Object.entries(headers).map(([name, text]) => [name, { description: text, schema: { type: 'string' } }])
              ),
            }
          : {}),
        ...(schema || types
          ? {
              content: Object.fromEntries(
                (types ?? ['application/json']).map((type) => [
                  type,
                  { schema: schema && HOLDS_JSON.test(type) ? schema : { type: 'string' } },
                ])
              ),
            }
          : {}),
      },
    ])
  ) as Responses;
}

function refusals(route: Route): Responses {
  const byStatus = new Map<number, string[]>();
  for (const name of problemsOf(route)) {
    const { status, title } = PROBLEMS[name];
    byStatus.set(status, [...(byStatus.get(status) ?? []), `\`${name}\`: ${title}`]);
  }
  const documented = Object.keys(route.responses);
  return Object.fromEntries(
    [...byStatus]
      .filter(([status]) => !documented.includes(String(status)))
      .map(([status, names]) => [
        status,
        { description: names.join('. '), content: { [PROBLEM_TYPE]: { schema: problemSchema } } },
      ])
  ) as Responses;
}
