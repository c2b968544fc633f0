import { pagePaths } from './pagePaths.ts';

/** The page that an address means. */
export type Page =
  | { readonly name: 'loadTest' }
  | { readonly name: 'failures' }
  | { readonly name: 'results' }
  | { readonly name: 'run'; readonly id: string }
  | { readonly name: 'compare' }
  | { readonly name: 'configuration' };

/**
 * Reads a path below Grafana's root. Grafana lets any path below the app through, and how deep its own routers are nested
 * differs between versions, so the page is told by the whole path.
 */
export function matchPage(pathname: string): Page | null {
  const path = pathname.replace(/\/+$/, '');
  if (path !== pagePaths.base && !path.startsWith(`${pagePaths.base}/`)) return null;
  const [page, detail, ...more] = path.slice(pagePaths.base.length + 1).split('/');
  if (more.length > 0) return null;
  if (!page) return { name: 'loadTest' };
  if (page === 'results' && detail === 'compare') return { name: 'compare' };
  if (page === 'results' && detail) return { name: 'run', id: detail };
  if (detail) return null;
  switch (page) {
    case 'load-test':
      return { name: 'loadTest' };
    case 'failures':
      return { name: 'failures' };
    case 'results':
      return { name: 'results' };
    case 'configuration':
      return { name: 'configuration' };
    default:
      return null;
  }
}
