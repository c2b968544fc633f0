/** Bundles what Grafana would provide to a plugin, and the little chrome around the pages, into the given folder. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';

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

const outdir = resolve(process.argv[2] ?? 'dist');
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
  plugins: [styleSheets],
  define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
  loader: { '.svg': 'dataurl', '.png': 'dataurl', '.woff': 'dataurl', '.woff2': 'dataurl', '.ttf': 'dataurl' },
});
console.error(`build: preview host written to ${outdir}`);
