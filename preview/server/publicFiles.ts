import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { hostBuild, pluginBuild } from './ensureBuilt.ts';
import { type GrafanaVersion, grafanaLibraries } from './grafanaLibraries.ts';
import { sendFile } from './staticFiles.ts';

const modules = join(import.meta.dirname, '..', '..', 'node_modules');
const interFont = join(modules, '@fontsource-variable', 'inter', 'files');
const monoFont = join(modules, '@fontsource', 'roboto-mono', 'files');

/** Sends what Grafana would serve below /public: the plugin, icons, fonts; and the preview's own scripts. */
export function sendPublicFile(
  response: ServerResponse,
  path: string,
  pluginId: string,
  version: GrafanaVersion
): boolean {
  const folders: [string, string][] = [
    [`/public/plugins/${pluginId}/`, pluginBuild.outputPath],
    ['/preview/assets/', hostBuild(version).outputPath],
    ['/public/build/', grafanaLibraries(version).publicFolder],
    // Grafana draws a few icons that the package does not bring.
    ['/public/build/img/icons/unicons/', join(import.meta.dirname, 'icons')],
  ];
  for (const [prefix, folder] of folders) {
    if (path.startsWith(prefix) && sendFile(response, folder, path.slice(prefix.length))) return true;
  }
  if (path.startsWith('/public/fonts/roboto/'))
    return sendFile(response, monoFont, 'roboto-mono-latin-400-normal.woff2');
  if (!path.startsWith('/public/fonts/inter/')) return false;
  return sendFile(response, interFont, `inter-latin-wght-${path.includes('Italic') ? 'italic' : 'normal'}.woff2`);
}
