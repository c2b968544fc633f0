import { join } from 'node:path';
import { STANDARD_LIMITS } from '@evenkeel/contract/limits';
import { includesRole, ROLES } from '@evenkeel/contract/role';
import { matchRoute } from '../preview/server/matchRoute.ts';
import { readPluginManifest } from '../preview/server/pluginManifest.ts';
import { lowestRole, type Route } from '../sidecar/src/api/route.ts';
import { routeTable } from '../sidecar/src/api/routeTable.ts';
import type { Services } from '../sidecar/src/api/services.ts';

const { routes } = readPluginManifest(join(import.meta.dirname, '..', 'plugin.json'));

/** Routes are only listed here, never called: nothing of the services is touched. */
const served: Route[] = routeTable({ version: '0', limits: STANDARD_LIMITS } as Services);

/** Paths that a page never asks for: Prometheus scrapes with a token of its own. */
const NOT_FOR_PAGES = ['/metrics'];

describe('plugin.json against the routes that the service really has', () => {
  const cases = served
    .filter(({ path }) => !NOT_FOR_PAGES.includes(path))
    .map(({ method, path, access }) => ({
      method: method.toUpperCase(),
      path: path.replace(/\{\w+\}|:\w+/g, 'a-b_1').replace(/^\//, ''),
      needs: lowestRole(access),
    }));

  test('there are routes to look at', () => expect(cases.length).toBeGreaterThan(15));

  test.each(routes.map(({ method, path }) => [method, path]))(
    '%s %s leads to a route of the service',
    (method, path) => {
      const used = cases.map((asked) => matchRoute(routes, asked.method, asked.path, 'Admin'));
      const isUsed = used.some(
        (match) => match.kind === 'matched' && match.route.method === method && match.route.path === path
      );
      expect(isUsed).toBe(true);
    }
  );

  test.each(cases)('$method $path for $needs', ({ method, path, needs }) => {
    for (const role of ROLES) {
      const match = matchRoute(routes, method, path, role);
      if (includesRole(role, needs)) {
        expect(match.kind).toBe('matched');
        // The role that the service will see has to be enough for it.
        const header = match.kind === 'matched' && match.route.headers.find(({ name }) => name === 'X-Evenkeel-Role');
        expect(header && includesRole(header.content as (typeof ROLES)[number], needs)).toBe(true);
      } else expect(match.kind).toBe('denied');
    }
  });
});
