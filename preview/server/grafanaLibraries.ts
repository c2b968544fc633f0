import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The oldest and the newest Grafana that the plugin is for: the last with React 18, and one with React 19. */
export const GRAFANA_VERSIONS = ['12.4', '13.2'] as const;
export type GrafanaVersion = (typeof GRAFANA_VERSIONS)[number];

const root = join(import.meta.dirname, '..', '..');

export interface GrafanaLibraries {
  /** Below it node_modules holds this version's React and `@grafana/*`; what it does not hold is the same for all. */
  readonly folder: string;
  /** The exact release, such as 13.2.2. */
  readonly release: string;
  /** What Grafana serves below /public/build: icons. */
  readonly publicFolder: string;
}

/** Where the libraries are that a version of Grafana hands to plugins. */
export function grafanaLibraries(version: GrafanaVersion): GrafanaLibraries {
  const folder = version === '12.4' ? join(root, 'preview', 'grafana12') : root;
  const ui = join(folder, 'node_modules', '@grafana', 'ui');
  const { version: release } = JSON.parse(readFileSync(join(ui, 'package.json'), 'utf8'));
  return { folder, release, publicFolder: join(ui, 'dist', 'public') };
}
