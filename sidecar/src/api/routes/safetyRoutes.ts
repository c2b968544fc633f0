import {
  auditListSchema,
  auditQuerySchema,
  PATHS,
  safetyReasonSchema,
  safetyStateSchema,
  stopAllBodySchema,
  stopAllResultSchema,
} from '@evenkeel/contract/api';
import { z } from 'zod';
import { apiPath } from '../apiPath.ts';
import { type Access, type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { stopReason } from '../stopReason.ts';

/** The safety lever and the record of who did what. */
export function safetyRoutes({ safety, audit }: Services): Route[] {
  const tag = 'Safety';
  /** Two doors to one lever: through Grafana a role is bound to the path, and an Editor may pull it though nobody can be verified. */
  const stopAll = (path: string, access: Access, summary: string) =>
    route({
      method: 'post',
      path: apiPath(path),
      access,
      rate: 'stop',
      safeDirection: true,
      mustComeThrough: 'stop',
      tag,
      summary,
      query: z.looseObject({}),
      body: stopAllBodySchema,
      bodyOptional: true,
      responses: { 200: { description: 'What was ended', schema: stopAllResultSchema } },
      handle: ({ query, body, identity, actsOn }) => {
        const { reason, notes } = stopReason(body);
        const result = safety.stopAll(identity.subject, reason);
        const note = [...notes, ...(Object.keys(query).length > 0 ? ['The query is not read.'] : [])].join(' ');
        actsOn(`runs ${result.stoppedRuns.join(', ') || 'none'}; faults ${result.revertedFaults.join(', ') || 'none'}`);
        return { status: 200, json: note === '' ? result : { ...result, note } };
      },
    });
  return [
    route({
      method: 'get',
      path: apiPath(PATHS.safety),
      access: 'Viewer',
      rate: 'read',
      tag,
      summary: 'Whether the safety lever is engaged',
      responses: { 200: { description: 'Its state', schema: safetyStateSchema } },
      handle: () => ({ status: 200, json: safety.state }),
    }),
    stopAll(
      PATHS.stopAll,
      'signed-in',
      'Emergency stop: end all load, revert every fault, start nothing new until released'
    ),
    stopAll(PATHS.editorStopAll, 'Editor', 'The same emergency stop, for Editors whose identity cannot be verified'),
    route({
      method: 'post',
      path: apiPath(PATHS.release),
      access: 'Admin',
      rate: 'write',
      tag,
      summary: 'Release the safety lever; nothing that was stopped comes back',
      body: safetyReasonSchema,
      bodyOptional: true,
      responses: { 200: { description: 'Its state', schema: safetyStateSchema } },
      handle: ({ body, identity, actsOn }) => {
        actsOn('safety lever');
        return { status: 200, json: safety.release(identity.subject, body.reason) };
      },
    }),
    route({
      method: 'get',
      path: apiPath(PATHS.audit),
      access: 'Admin',
      rate: 'read',
      tag,
      summary: 'Who changed what, the newest first',
      query: auditQuerySchema,
      responses: { 200: { description: 'One page of entries', schema: auditListSchema } },
      handle: ({ query }) => ({ status: 200, json: { entries: audit.list(query.limit, query.before) } }),
    }),
  ];
}
