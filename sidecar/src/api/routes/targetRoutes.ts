import {
  idParamsSchema,
  PATHS,
  podListSchema,
  type TargetSummary,
  targetDetailSchema,
  targetListSchema,
} from '@evenkeel/contract/api';
import { Refusal } from '@evenkeel/contract/refusal';
import type { KnownTarget } from '@evenkeel/core/targets/targetCatalog';
import { apiPath } from '../apiPath.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';

/** What may be loaded, and its pods. */
export function targetRoutes(services: Services): Route[] {
  const summary = ({ target, directory }: KnownTarget): TargetSummary => {
    const pods = directory.list();
    return {
      target,
      pods: pods.length,
      readyPods: pods.filter((pod) => pod.ready).length,
      complete: directory.complete,
      activeRunId: services.runs.activeOn(target.id)?.run.id ?? null,
    };
  };
  const find = (id: string): KnownTarget => {
    const known = services.targets.get(id);
    if (!known) throw new Refusal('not-found', `There is no target "${id}".`);
    return known;
  };
  return [
    route({
      method: 'get',
      path: apiPath(PATHS.targets),
      access: 'Viewer',
      rate: 'read',
      tag: 'Targets',
      summary: 'The allow-list of targets',
      responses: { 200: { description: 'All targets', schema: targetListSchema } },
      handle: () => ({ status: 200, json: { targets: services.targets.list().map(summary) } }),
    }),
    route({
      method: 'get',
      path: apiPath(PATHS.target),
      access: 'Viewer',
      rate: 'read',
      tag: 'Targets',
      summary: 'One target with its pods',
      params: idParamsSchema,
      responses: { 200: { description: 'The target', schema: targetDetailSchema } },
      problems: ['not-found'],
      handle: ({ params }) => {
        const known = find(params.id);
        return { status: 200, json: { ...summary(known), podList: known.directory.list() } };
      },
    }),
    route({
      method: 'get',
      path: apiPath(PATHS.targetPods),
      access: 'Viewer',
      rate: 'read',
      tag: 'Targets',
      summary: 'The pods of a target: readiness, weight, CPU, memory, connections',
      params: idParamsSchema,
      responses: { 200: { description: 'The pods as last seen', schema: podListSchema } },
      problems: ['not-found'],
      handle: ({ params }) => {
        const { directory } = find(params.id);
        return { status: 200, json: { complete: directory.complete, pods: directory.list() } };
      },
    }),
  ];
}
