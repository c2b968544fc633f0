import { healthSchema, PATHS, readinessSchema, statusSchema } from '@evenkeel/contract/api';
import { apiPath } from '../apiPath.ts';
import { type Route, route } from '../route.ts';
import { type Services, statusOf } from '../services.ts';

/** Whether the service lives, is ready, and who the caller is to it. */
export function healthRoutes(services: Services): Route[] {
  return [
    route({
      method: 'get',
      path: '/healthz',
      access: 'public',
      rate: 'public',
      mustComeThrough: 'health',
      tag: 'Service',
      summary: 'Liveness: the process answers',
      responses: { 200: { description: 'It lives', schema: healthSchema } },
      handle: () => ({ status: 200, json: { status: 'ok' } }),
    }),
    route({
      method: 'get',
      path: '/readyz',
      access: 'public',
      rate: 'public',
      mustComeThrough: 'health',
      tag: 'Service',
      summary: 'Readiness: history can be written and nothing is left over from before',
      responses: {
        200: { description: 'It is ready', schema: readinessSchema },
        503: { description: 'It is not, and why', schema: readinessSchema },
      },
      handle: () => {
        const problems = services.problems();
        const ready = problems.length === 0;
        return { status: ready ? 200 : 503, json: { status: ready ? 'ready' : 'not-ready', problems } };
      },
    }),
    route({
      method: 'get',
      path: '/metrics',
      access: 'scrape',
      rate: 'read',
      mustComeThrough: 'health',
      tag: 'Service',
      summary: 'Metrics for Prometheus',
      responses: { 200: { description: 'Text exposition format', types: ['text/plain'] } },
      handle: async () => ({ status: 200, parts: await services.metrics() }),
    }),
    route({
      method: 'get',
      path: apiPath(PATHS.status),
      access: 'Viewer',
      rate: 'read',
      tag: 'Service',
      summary: 'Version, clock, limits, readiness, and who you are',
      responses: { 200: { description: 'The status', schema: statusSchema } },
      handle: ({ identity: { subject, role, verified } }) => ({
        status: 200,
        json: { ...statusOf(services), you: { subject, role, verified } },
      }),
    }),
  ];
}
