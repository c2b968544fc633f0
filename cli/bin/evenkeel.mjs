#!/usr/bin/env node
// Starts the `evenkeel` command on a Node that can run TypeScript as it is: this one, or the one the lock file brings.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

// Keeps what was stripped and compiled, which more than halves the next start. Not in the temporary folder, where others may write.
const cache = fileURLToPath(new URL('../../node_modules/.cache/evenkeel', import.meta.url));
// Load workers and pods take it from here; without it each of them strips types by itself, through WebAssembly.
process.env.NODE_COMPILE_CACHE ??= cache;
const [major, minor] = process.versions.node.split('.').map(Number);
const cli = new URL('../src/main.ts', import.meta.url);
if (major > 22 || (major === 22 && minor >= 19)) {
  module.enableCompileCache(cache);
  await import(cli.href);
} else {
  const bundled = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));
  if (!existsSync(bundled)) {
    console.error(
      `evenkeel: needs Node >= 22.19, this is ${process.versions.node}; run "npm ci" to bring Node 24 along.`
    );
    process.exit(2);
  }
  const { runOn } = await import('./runOn.mjs');
  runOn(bundled, [fileURLToPath(cli), ...process.argv.slice(2)]);
}
