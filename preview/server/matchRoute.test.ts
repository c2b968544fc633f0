import { join } from 'node:path';
import { ROLES } from '@evenkeel/contract/role';
import { matchRoute } from './matchRoute.ts';
import { readPluginManifest } from './pluginManifest.ts';

const { routes } = readPluginManifest(join(import.meta.dirname, '..', '..', 'plugin.json'));

/** What a route's match means, in short: the role header that the service gets, or why there is none. */
function outcome(method: string, path: string, role: (typeof ROLES)[number]): string {
  const match = matchRoute(routes, method, path, role);
  if (match.kind !== 'matched') return match.kind;
  return match.route.headers.find(({ name }) => name === 'X-Evenkeel-Role')!.content;
}

describe("Grafana's choice of a route", () => {
  const route = (method: string, path: string, reqRole?: 'Viewer' | 'Admin') => ({
    method,
    path,
    url: 'http://x',
    reqRole,
    headers: [],
  });

  test('the first match decides, even when it refuses', () => {
    const list = [route('GET', 'api/secret', 'Admin'), route('GET', 'api/*', 'Viewer')];
    expect(matchRoute(list, 'GET', 'api/secret', 'Editor').kind).toBe('denied');
    expect(matchRoute(list, 'GET', 'api/other', 'Viewer')).toMatchObject({ kind: 'matched', path: 'other' });
  });

  test('a path without a star matches only itself, and a star needs something to stand for', () => {
    expect(matchRoute([route('GET', 'api/runs')], 'GET', 'api/runs/1', 'Admin').kind).toBe('no-route');
    expect(matchRoute([route('GET', 'api/*')], 'GET', 'api/', 'Admin').kind).toBe('no-route');
  });

  test('a list of methods is no method', () =>
    expect(matchRoute([route('GET,POST', 'api/*')], 'GET', 'api/x', 'Admin').kind).toBe('no-route'));
});

describe('the routes of plugin.json, for every role', () => {
  test.each([
    // method, path, what a Viewer, an Editor and an Admin get
    ['GET', 'api/v1/status', 'Viewer', 'Viewer', 'Viewer'],
    ['GET', 'api/v1/targets/a/pods', 'Viewer', 'Viewer', 'Viewer'],
    ['GET', 'api/v1/runs', 'Viewer', 'Viewer', 'Viewer'],
    ['GET', 'api/v1/runs/a/events', 'Viewer', 'Viewer', 'Viewer'],
    ['GET', 'api/v1/audit', 'denied', 'denied', 'Admin'],
    ['GET', 'healthz', 'Viewer', 'Viewer', 'Viewer'],
    ['POST', 'api/v1/runs', 'denied', 'Editor', 'Editor'],
    ['POST', 'api/v1/runs/a/stop', 'denied', 'Editor', 'Editor'],
    ['PATCH', 'api/v1/runs/a', 'denied', 'Editor', 'Editor'],
    ['POST', 'api/v1/scenarios', 'denied', 'Editor', 'Editor'],
    ['POST', 'api/v1/scenarios/generate', 'denied', 'Editor', 'Editor'],
    ['PUT', 'api/v1/scenarios/a', 'denied', 'Editor', 'Editor'],
    ['DELETE', 'api/v1/scenarios/a', 'denied', 'Editor', 'Editor'],
    ['POST', 'api/v1/faults/preview', 'denied', 'Editor', 'Editor'],
    ['POST', 'api/v1/faults', 'denied', 'denied', 'Admin'],
    ['POST', 'api/v1/faults/a/revert', 'denied', 'denied', 'Admin'],
    ['POST', 'api/v1/safety/stop-all', 'Viewer', 'Viewer', 'Viewer'],
    ['POST', 'api/v1/safety/release', 'denied', 'denied', 'Admin'],
    ['POST', 'api/v1/safety/stop-all-as-editor', 'denied', 'Editor', 'Editor'],
    ['DELETE', 'api/v1/runs/a', 'no-route', 'no-route', 'no-route'],
    ['POST', 'api/v1/hooks/grafana-alert', 'no-route', 'no-route', 'no-route'],
    ['POST', 'api/v1/anything', 'no-route', 'no-route', 'no-route'],
    ['DELETE', 'api/v1/audit', 'no-route', 'no-route', 'no-route'],
    ['GET', 'metrics', 'no-route', 'no-route', 'no-route'],
  ])('%s %s', (method, path, viewer, editor, admin) => {
    expect(ROLES.map((role) => outcome(method, path, role))).toEqual([viewer, editor, admin]);
  });

  test('no Viewer reaches a change, but for the stop lever', () => {
    const open = routes.filter(({ method, reqRole }) => method !== 'GET' && reqRole === 'Viewer');
    expect(open.map(({ path }) => path).sort()).toEqual(['api/v1/safety/stop-all']);
  });
});
