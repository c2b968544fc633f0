import { API_PREFIX, PATHS } from '@evenkeel/contract/api';
import { FAULT_PATHS } from '@evenkeel/contract/fault';
import { PLUGIN_ID } from '../app/pluginId.ts';

const ALL_PATHS = { ...PATHS, ...FAULT_PATHS } as const;
export type ServicePath = keyof typeof ALL_PATHS;

/**
 * Address of the service's API through Grafana's plugin proxy. Relative on purpose: Grafana may live below a path.
 * Ids need no escaping, the contract's alphabet sees to that.
 */
export function servicePath(path: ServicePath, id?: string): string {
  return `api/plugin-proxy/${PLUGIN_ID}${API_PREFIX}${ALL_PATHS[path].replace('{id}', id ?? '')}`;
}
