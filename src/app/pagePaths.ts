import { PLUGIN_ID } from './pluginId.ts';

const BASE = `/a/${PLUGIN_ID}`;

/** Query of the load test page: which run to show, or what to fill the form with. */
export interface LoadTestQuery {
  readonly run?: string;
  /** Take target and scenario from this run. */
  readonly again?: string;
  /** Show the form even while a test is running. */
  readonly form?: 'new';
}

const query = (values: object): string => {
  const text = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== undefined)).toString();
  return text ? `?${text}` : '';
};

/** Addresses of the plugin's pages below Grafana's root; links and the router use these and nothing else. */
export const pagePaths = {
  base: BASE,
  loadTest: (values: LoadTestQuery = {}) => `${BASE}/load-test${query(values)}`,
  failures: () => `${BASE}/failures`,
  results: () => `${BASE}/results`,
  run: (id: string) => `${BASE}/results/${id}`,
  compare: (candidate: string, baseline?: string) => `${BASE}/results/compare${query({ candidate, baseline })}`,
  configuration: () => `${BASE}/configuration`,
};
