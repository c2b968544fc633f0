import { includesRole, type Role } from '@evenkeel/contract/role';
import type { ProxyRoute } from './pluginManifest.ts';

export type RouteMatch =
  | { kind: 'no-route' }
  | { kind: 'denied'; route: ProxyRoute }
  /** `path` is what the route's `*` stood for: it is appended to the route's URL. */
  | { kind: 'matched'; route: ProxyRoute; path: string };

/** What the `*` of a pattern stands for in `path`; '' for an exact match; null when it does not match. */
function starOf(pattern: string, path: string): string | null {
  if (!pattern.endsWith('*')) return pattern === path ? '' : null;
  const prefix = pattern.slice(0, -1);
  return path.startsWith(prefix) && path.length > prefix.length ? path.slice(prefix.length) : null;
}

/**
 * Grafana's choice of a plugin route: in file order, the first whose method and path match decides, and a role that is
 * too low there is a refusal without a second chance. Methods are compared as they are; a list of methods is not a thing.
 */
export function matchRoute(routes: readonly ProxyRoute[], method: string, path: string, role: Role): RouteMatch {
  for (const route of routes) {
    if (route.method !== '' && route.method !== '*' && route.method !== method) continue;
    const star = starOf(route.path, path);
    if (star === null) continue;
    if (route.reqRole && !includesRole(role, route.reqRole)) return { kind: 'denied', route };
    return { kind: 'matched', route, path: star };
  }
  return { kind: 'no-route' };
}
