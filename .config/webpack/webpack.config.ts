/*
 * Builds the plugin as Grafana's loader wants it: one AMD module.js, lazy chunks beside it, the catalog's files around.
 * The layout (this path, these outputs) is that of @grafana/create-plugin, which the plugin validator looks for; the
 * file is our own because TypeScript 7 has no API for the scaffold's type checker and config loader.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import CopyPlugin from 'copy-webpack-plugin';
import TerserPlugin from 'terser-webpack-plugin';
import type { Configuration } from 'webpack';
import { externals } from './externals.ts';

const root = join(import.meta.dirname, '..', '..');
const source = join(root, 'src');

const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

/** The configuration for a production build into `outputPath`. */
export function webpackConfig(outputPath: string): Configuration {
  const { id } = readJson(join(source, 'plugin.json'));
  const { version } = readJson(join(root, 'package.json'));
  const today = new Date().toISOString().slice(0, 10);
  const stampManifest = (content: Buffer) =>
    content
      .toString('utf8')
      .replaceAll('%VERSION%', version)
      .replaceAll('%TODAY%', today)
      .replaceAll('%PLUGIN_ID%', id);

  return {
    mode: 'production',
    target: ['web', 'es2022'],
    context: source,
    entry: { module: [join(import.meta.dirname, 'publicPath.js'), './module.tsx'] },
    devtool: 'source-map',
    externals,
    // webpack prints its own digest of warnings otherwise; build.ts does that.
    infrastructureLogging: { level: 'error' },
    performance: { hints: false },
    module: {
      rules: [
        { test: /publicPath\.js$/, parser: { requireEnsure: false }, sideEffects: true },
        {
          test: /\.tsx?$/,
          exclude: /node_modules/,
          use: {
            loader: 'swc-loader',
            options: {
              swcrc: false,
              jsc: {
                target: 'es2022',
                parser: { syntax: 'typescript', tsx: true },
                transform: { react: { runtime: 'automatic' } },
              },
            },
          },
        },
        { test: /\.css$/, type: 'asset/source' },
        { test: /\.svg$/, type: 'asset/resource', generator: { filename: 'img/[name][ext]' } },
      ],
    },
    resolve: { extensions: ['.ts', '.tsx', '.js'] },
    optimization: {
      // Module ids from paths keep chunk contents, and with them browser caches, stable between builds.
      moduleIds: 'deterministic',
      minimizer: [new TerserPlugin({ extractComments: false, minify: TerserPlugin.swcMinify })],
    },
    output: {
      path: outputPath,
      clean: true,
      filename: '[name].js',
      chunkFilename: '[name].js?_cache=[contenthash]',
      library: { type: 'amd' },
      publicPath: `public/plugins/${id}/`,
      uniqueName: id,
      crossOriginLoading: 'anonymous',
    },
    plugins: [
      new CopyPlugin({
        patterns: [
          { from: 'plugin.json', transform: stampManifest },
          { from: 'README.md' },
          { from: join(root, 'CHANGELOG.md') },
          { from: join(root, 'LICENSE'), to: 'LICENSE', toType: 'file' },
          { from: 'img', to: 'img' },
        ],
      }),
    ],
  };
}
