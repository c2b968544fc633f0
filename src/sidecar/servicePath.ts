import { API_PREFIX, PATHS } from '@evenkeel/contract/api';
import { PLUGIN_ID } from '../app/pluginId.ts';

export type ServicePath = keyof typeof PATHS;

/**
 * Address of the service's API through Grafana's plugin proxy. Relative on purpose: Grafana may live below a path.
 * Ids need no escaping, the contract's alphabet sees to that.
 */
export function servicePath(path: ServicePath, id?: string): string {
  return `api/plugin-proxy/${PLUGIN_ID}${API_PREFIX}${PATHS[path].replace('{id}', id ?? '')}`;
}
