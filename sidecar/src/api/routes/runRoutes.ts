import { createHash } from 'node:crypto';
import {
  comparisonQuerySchema,
  idempotencyKeySchema,
  idParamsSchema,
  PATHS,
  patchRunSchema,
  runListSchema,
  runQuerySchema,
  sampleListSchema,
  samplesQuerySchema,
  startRunSchemaFor,
} from '@evenkeel/contract/api';
import { comparisonSchema } from '@evenkeel/contract/comparison';
import { FAULT_PATHS } from '@evenkeel/contract/fault';
import { fieldProblems } from '@evenkeel/contract/fieldProblems';
import type { Limits } from '@evenkeel/contract/limits';
import { Refusal } from '@evenkeel/contract/refusal';
import { includesRole, type Role } from '@evenkeel/contract/role';
import { runSchema } from '@evenkeel/contract/run';
import type { Sample } from '@evenkeel/contract/sample';
import { type Scenario, scenarioSchemaFor } from '@evenkeel/contract/scenario';
import { compareRuns } from '@evenkeel/core/run/compareRuns';
import { z } from 'zod';
import { listParts } from '../answerParts.ts';
import { apiPath } from '../apiPath.ts';
import { type Reply, type Route, route } from '../route.ts';
import type { Services } from '../services.ts';

const keyHeaderSchema = z.strictObject({ 'idempotency-key': idempotencyKeySchema.optional() });

/** Starting, stopping, finding, describing and comparing runs. */
export function runRoutes({ runs, scenarios, limits }: Services): Route[] {
  const tag = 'Runs';
  /** Two doors to one room: through Grafana the role is bound to the path, so a plan of faults needs a path of its own. */
  const start = (facts: Pick<Route, 'path' | 'access' | 'summary' | 'description'>) =>
    route({
      ...facts,
      method: 'post',
      rate: 'start',
      tag,
      headers: keyHeaderSchema,
      body: startRunSchemaFor(limits),
      responses: {
        200: { description: 'Started by an earlier request with the same key', schema: runSchema },
        201: { description: 'Started', schema: runSchema, headers: { Location: 'Path of the run' } },
      },
      problems: [
        'not-found',
        'target-refused',
        'target-busy',
        'safety-engaged',
        'fault-refused',
        'key-reused',
        'overloaded',
        'not-ready',
      ],
      handle: ({ body, headers, identity, actsOn }) => {
        const key = headers['idempotency-key'];
        actsOn(`target ${body.targetId}`);
        const scenario =
          body.scenario ?? withinLimits(body.scenarioId!, scenarios.get(body.scenarioId!).scenario, limits);
        refuseFaultsBelowAdmin(scenario, identity.role);
        const { run, repeated } = runs.start(
          body,
          identity.subject,
          key === undefined ? undefined : { subject: identity.subject, key, digest: digest(body) }
        );
        actsOn(`run ${run.id} on ${run.target.id} (${run.target.url})`);
        return {
          status: repeated ? 200 : 201,
          json: run,
          headers: { Location: apiPath(`${PATHS.runs}/${run.id}`) },
        };
      },
    });
  return [
    start({
      path: apiPath(PATHS.runs),
      access: 'Editor',
      summary: 'Start a run',
      description:
        'One run at a time on each target. With an `Idempotency-Key`, the same request again answers 200 with the run that the first one started. A scenario that plans faults needs an Admin.',
    }),
    start({
      path: apiPath(FAULT_PATHS.faultRuns),
      access: 'Admin',
      summary: 'Start a run whose scenario may plan faults',
      description: 'The same as `POST runs`, under a path that Grafana gives to Admins only.',
    }),
    route({
      method: 'get',
      path: apiPath(PATHS.runs),
      access: 'Viewer',
      rate: 'read',
      tag,
      summary: 'The history: filtered, sorted, by page',
      query: runQuerySchema,
      responses: { 200: { description: 'One page of runs', schema: runListSchema } },
      handle: async ({ query }) => {
        const { runs: page, total } = await runs.list(query);
        const { limit, offset } = query;
        return { status: 200, parts: listParts('runs', page, () => ({ total, limit, offset })) };
      },
    }),
    route({
      method: 'get',
      path: apiPath(PATHS.run),
      access: 'Viewer',
      rate: 'read',
      tag,
      summary: 'One run',
      params: idParamsSchema,
      responses: { 200: { description: 'The run', schema: runSchema } },
      problems: ['not-found'],
      handle: ({ params }) => ({ status: 200, json: runs.get(params.id) }),
    }),
    route({
      method: 'patch',
      path: apiPath(PATHS.run),
      access: 'Editor',
      rate: 'write',
      tag,
      summary: 'Change labels, note or baseline mark',
      params: idParamsSchema,
      body: patchRunSchema,
      responses: { 200: { description: 'The run as it is now', schema: runSchema } },
      problems: ['not-found'],
      handle: ({ params, body, actsOn }) => {
        actsOn(`run ${params.id}`);
        return { status: 200, json: runs.describe(params.id, body) };
      },
    }),
    route({
      method: 'post',
      path: apiPath(PATHS.runStop),
      access: 'Editor',
      rate: 'stop',
      tag,
      summary: 'Stop a run: nothing more is sent, what is in flight drains, then comes the report',
      description: 'Harmless when the run is over.',
      params: idParamsSchema,
      responses: {
        200: { description: 'The run was over already', schema: runSchema },
        202: { description: 'It is stopping', schema: runSchema },
      },
      problems: ['not-found'],
      handle: ({ params, actsOn }) => {
        actsOn(`run ${params.id}`);
        const run = runs.stop(params.id);
        return { status: run.endedAt === null ? 202 : 200, json: run };
      },
    }),
    route({
      method: 'get',
      path: apiPath(PATHS.runSamples),
      access: 'Viewer',
      rate: 'read',
      tag,
      summary: 'The seconds of a run, in full',
      description: 'A page ends early where it gets longer than 4 MB; `next` says where the next one begins.',
      params: idParamsSchema,
      query: samplesQuerySchema,
      responses: { 200: { description: 'Samples in order', schema: sampleListSchema } },
      problems: ['not-found'],
      handle: ({ params, query }) => ({
        status: 200,
        parts: samplesParts(runs.samples(params.id, query.from), query.limit),
      }),
    }),
    route({
      method: 'get',
      path: apiPath(PATHS.runComparison),
      access: 'Viewer',
      rate: 'read',
      tag,
      summary: 'What changed against another run, and which of it is more than noise',
      params: idParamsSchema,
      query: comparisonQuerySchema,
      responses: { 200: { description: 'The comparison', schema: comparisonSchema } },
      problems: ['not-found', 'wrong-state'],
      handle: ({ params, query }) => {
        const candidate = runs.report(params.id);
        const baseline = runs.report(query.baseline ?? runs.baselineFor(params.id));
        return { status: 200, json: compareRuns(baseline, candidate) };
      },
    }),
  ];
}

/** Characters of seconds in one answer, about: of a thousand pods a second takes half a million. */
const MAX_SAMPLES_LENGTH = 4 * 1024 * 1024;

function samplesParts(samples: Iterable<Sample>, limit: number): Reply['parts'] {
  let next: number | null = null;
  function* page(): Generator<Sample> {
    let count = 0;
    let length = 0;
    for (const sample of samples) {
      if (count === limit || length > MAX_SAMPLES_LENGTH) {
        next = sample.second;
        return;
      }
      count++;
      length += JSON.stringify(sample).length;
      yield sample;
    }
  }
  return listParts('samples', page(), () => ({ next }));
}

/** The same request whatever the order of its fields: zod writes them in the order of the schema. */
const digest = (body: unknown): string => createHash('sha256').update(JSON.stringify(body)).digest('hex');

/** A scenario that was saved under wider limits, or is built in, must still be allowed today. */
function withinLimits(id: string, scenario: Scenario, limits: Limits): Scenario {
  const schema = scenarioSchemaFor(limits);
  const parsed = schema.safeParse(scenario);
  if (parsed.success) return scenario;
  const problems = fieldProblems(schema, parsed.error, scenario);
  throw new Refusal(
    'invalid-request',
    `The scenario "${id}" is no longer allowed here: ${problems.map(({ field, message }) => `${field}: ${message}`).join('; ')}. Start a changed copy of it.`,
    { errors: problems.map(({ field, message }) => ({ field: `scenario.${field}`, message })) }
  );
}

/** A plan of faults is as much an injection as a fault by itself. */
function refuseFaultsBelowAdmin({ faults }: Pick<Scenario, 'faults'>, role: Role): void {
  if (!faults?.length || includesRole(role, 'Admin')) return;
  throw new Refusal(
    'role-too-low',
    `This scenario plans ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}, which needs the role Admin; you have ${role}. Start it without its faults.`,
    { errors: [{ field: 'body.scenario.faults', message: 'needs the role Admin' }] }
  );
}
