/** Builds the plugin into dist/ (or the folder given as the first argument) and fails on any warning. */
import { join, resolve } from 'node:path';
import webpack from 'webpack';
import { webpackConfig } from './webpack.config.ts';

const root = join(import.meta.dirname, '..', '..');
const outputPath = resolve(root, process.argv[2] ?? 'dist');

webpack(webpackConfig(outputPath), (error, stats) => {
  if (error || !stats) {
    console.error(`build: ${error?.message ?? 'webpack gave no result'}`);
    process.exit(1);
  }
  const { errors = [], warnings = [] } = stats.toJson({ all: false, errors: true, warnings: true });
  for (const { message, moduleName } of [...errors, ...warnings])
    console.error(`build: ${moduleName ?? ''} ${message}`);
  if (errors.length + warnings.length > 0) process.exit(1);
  console.error(`build: plugin written to ${outputPath} in ${((stats.endTime - stats.startTime) / 1000).toFixed(1)} s`);
});
