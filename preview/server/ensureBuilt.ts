import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contentHash } from './contentHash.ts';

const root = join(import.meta.dirname, '..', '..');
const cache = join(root, 'node_modules', '.cache', 'evenkeel');

export interface Build {
  /** For people: `plugin`, `preview host`. */
  readonly name: string;
  /** What the build is made of. */
  readonly sources: readonly string[];
  readonly script: string;
  readonly outputPath: string;
  /** A file that exists when the build is there. */
  readonly proof: string;
}

export const pluginBuild: Build = {
  name: 'plugin',
  sources: ['src', 'contract/src', 'core/src', '.config/webpack', 'plugin.json', 'package.json', 'package-lock.json'],
  script: join(root, '.config', 'webpack', 'build.ts'),
  outputPath: join(root, 'dist'),
  proof: 'module.js',
};

export const hostBuild: Build = {
  name: 'preview host',
  sources: ['preview/host', 'preview/server/buildHost.ts', 'package-lock.json'],
  script: join(root, 'preview', 'server', 'buildHost.ts'),
  outputPath: join(cache, 'preview-host'),
  proof: 'main.js',
};

function runScript(script: string, outputPath: string, log: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, outputPath], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code !== 0) reject(new Error(said.trim() || `${script} ended with code ${code}`));
      else {
        for (const line of said.trim().split('\n')) log(line);
        resolve();
      }
    });
  });
}

/** Builds what is not built yet or was made of other sources, and says so; returns at once otherwise. */
export async function ensureBuilt(build: Build, log: (line: string) => void): Promise<void> {
  const wanted = contentHash(build.sources.map((path) => join(root, path)));
  const stamp = join(cache, `${build.name.replaceAll(' ', '-')}.hash`);
  const isThere = existsSync(join(build.outputPath, build.proof));
  if (isThere && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  log(`Building the ${build.name} (once per change) …`);
  rmSync(stamp, { force: true });
  await runScript(build.script, build.outputPath, log);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}
