import { join } from 'node:path';
import { webpackConfig } from './.config/webpack/webpack.config.ts';

/** The plugin's build as `npm run build` runs it, for tools that look for a webpack configuration here. */
export default webpackConfig(join(import.meta.dirname, 'dist'));
