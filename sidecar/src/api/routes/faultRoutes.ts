import { idParamsSchema } from '@evenkeel/contract/api';
import {
  FAULT_PATHS,
  faultListSchema,
  faultPreviewSchema,
  faultQuerySchema,
  faultSchema,
  startFaultSchema,
} from '@evenkeel/contract/fault';
import { effectText, podsText } from '@evenkeel/core/faults/faultText';
import { listParts } from '../answerParts.ts';
import { apiPath } from '../apiPath.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';

/** Injecting failures on purpose, and taking them back. */
export function faultRoutes({ faults }: Services): Route[] {
  const tag = 'Faults';
  return [
    route({
      method: 'post',
      path: apiPath(FAULT_PATHS.faultPreview),
      access: 'Editor',
      rate: 'write',
      tag,
      summary: 'What a fault would hit: pods, share of the healthy capacity, when it ends, what could stop it',
      description:
        'By the same resolver that injects. Give the `seed` of the answer to `POST faults`, and the very same pods are hit as long as they are there. Nothing is touched.',
      body: startFaultSchema,
      responses: { 200: { description: 'The preview, with every reason against it', schema: faultPreviewSchema } },
      problems: ['target-refused'],
      handle: ({ body, actsOn }) => {
        actsOn(`target ${body.targetId}`);
        return { status: 200, json: faults.preview(body) };
      },
    }),
    route({
      method: 'post',
      path: apiPath(FAULT_PATHS.faults),
      access: 'Admin',
      rate: 'start',
      tag,
      summary: 'Inject a fault',
      description:
        'The way back is on the disk before anything is applied. The fault ends by itself after `forSeconds`, whatever happens to the service.',
      body: startFaultSchema,
      responses: { 201: { description: 'Written down, and being injected', schema: faultSchema } },
      problems: ['target-refused', 'fault-refused', 'safety-engaged', 'wrong-state', 'not-ready', 'overloaded'],
      handle: async ({ body, identity, actsOn }) => {
        actsOn(`target ${body.targetId}`);
        const fault = await faults.start(body, identity.subject);
        const pods = fault.pods.map(({ pod }) => pod);
        actsOn(`fault ${fault.id}: ${effectText(fault.effect)} on ${podsText(pods)} of ${fault.targetId}`);
        return { status: 201, json: fault };
      },
    }),
    route({
      method: 'get',
      path: apiPath(FAULT_PATHS.faults),
      access: 'Viewer',
      rate: 'read',
      tag,
      summary: 'Faults, the newest first',
      query: faultQuerySchema,
      responses: { 200: { description: 'One page of faults', schema: faultListSchema } },
      handle: ({ query }) => {
        const { faults: page, total } = faults.list(query);
        return { status: 200, parts: listParts('faults', page, () => ({ total })) };
      },
    }),
    route({
      method: 'post',
      path: apiPath(FAULT_PATHS.faultRevert),
      access: 'Admin',
      rate: 'stop',
      tag,
      summary: 'Take a fault back now; harmless when it is over',
      params: idParamsSchema,
      responses: { 200: { description: 'The fault as it is after that was tried', schema: faultSchema } },
      problems: ['not-found'],
      handle: async ({ params, identity, actsOn }) => {
        actsOn(`fault ${params.id}`);
        return { status: 200, json: await faults.revert(params.id, identity.subject) };
      },
    }),
  ];
}
