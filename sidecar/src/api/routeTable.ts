import { API_VERSION, PATHS } from '@evenkeel/contract/api';
import { z } from 'zod';
import { apiPath } from './apiPath.ts';
import { openApiDocument } from './openApiDocument.ts';
import { type Route, route } from './route.ts';
import { faultRoutes } from './routes/faultRoutes.ts';
import { healthRoutes } from './routes/healthRoutes.ts';
import { reportRoutes } from './routes/reportRoutes.ts';
import { runRoutes } from './routes/runRoutes.ts';
import { safetyRoutes } from './routes/safetyRoutes.ts';
import { scenarioRoutes } from './routes/scenarioRoutes.ts';
import { streamRoutes } from './routes/streamRoutes.ts';
import { targetRoutes } from './routes/targetRoutes.ts';
import type { Services } from './services.ts';

/** Every route of the service. What is not in this table is not served; what is in it is documented, authorised and limited. */
export function routeTable(services: Services): Route[] {
  const routes: Route[] = [
    ...healthRoutes(services),
    ...targetRoutes(services),
    ...scenarioRoutes(services),
    ...runRoutes(services),
    ...reportRoutes(services),
    ...streamRoutes(services),
    ...faultRoutes(services),
    ...safetyRoutes(services),
  ];
  routes.push(
    route({
      method: 'get',
      path: apiPath(PATHS.openapi),
      access: 'Viewer',
      rate: 'read',
      tag: 'Service',
      summary: `This document (API version ${API_VERSION})`,
      responses: { 200: { description: 'OpenAPI 3.1', schema: z.looseObject({ openapi: z.string() }) } },
      handle: () => ({ status: 200, json: openApiDocument(routes, services.version) }),
    })
  );
  return routes;
}
