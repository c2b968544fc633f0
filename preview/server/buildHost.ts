/** Bundles what a version of Grafana would provide to a plugin, and the little chrome around the pages: `buildHost.ts <version> <folder>`. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { GRAFANA_VERSIONS, type GrafanaVersion, grafanaLibraries } from './grafanaLibraries.ts';

/** Style sheets that Grafana's libraries import become part of the scripts; the code editor's would be most of them. */
const styleSheets: Plugin = {
  name: 'style-sheets',
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      if (path.includes('monaco-editor')) return { contents: '' };
      const text = JSON.stringify(await readFile(path, 'utf8'));
      return { contents: `document.head.appendChild(document.createElement('style')).textContent = ${text};` };
    });
  },
};

/** React and Grafana's libraries exist once in a page, whoever imports them: all of them come from where this version's are. */
const ofVersion = (folder: string): Plugin => ({
  name: 'libraries-of-one-version',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^(react|react-dom|@grafana\/[\w-]+)(\/|$)/ }, ({ path, kind, pluginData }) =>
      pluginData === 'resolved' ? undefined : resolve(path, { resolveDir: folder, kind, pluginData: 'resolved' })
    );
  },
});

const [version = '', folder = ''] = process.argv.slice(2);
if (!GRAFANA_VERSIONS.includes(version as GrafanaVersion) || !folder) {
  console.error(`usage: buildHost.ts <${GRAFANA_VERSIONS.join('|')}> <folder>`);
  process.exit(2);
}
const libraries = grafanaLibraries(version as GrafanaVersion);
const outdir = resolve(folder);
await build({
  entryPoints: { main: join(import.meta.dirname, '..', 'host', 'main.tsx') },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  jsx: 'automatic',
  logLevel: 'error',
  plugins: [styleSheets, ofVersion(libraries.folder)],
  define: {
    'process.env.NODE_ENV': '"production"',
    global: 'globalThis',
    GRAFANA_BUILD: JSON.stringify(libraries.release),
  },
  loader: { '.svg': 'dataurl', '.png': 'dataurl', '.woff': 'dataurl', '.woff2': 'dataurl', '.ttf': 'dataurl' },
});
console.error(`build: preview host for Grafana ${libraries.release} written to ${outdir}`);
