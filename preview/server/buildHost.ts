/** Bundles what Grafana would provide to a plugin, and the little chrome around the pages, into the given folder. */
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

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
  define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
  loader: { '.svg': 'dataurl', '.png': 'dataurl', '.woff': 'dataurl', '.woff2': 'dataurl', '.ttf': 'dataurl' },
});
console.error(`build: preview host written to ${outdir}`);
