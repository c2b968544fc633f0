import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contentHash } from './contentHash.ts';
import type { GrafanaVersion } from './grafanaLibraries.ts';
import { withLock } from './withLock.ts';

const root = join(import.meta.dirname, '..', '..');
const cache = join(root, 'node_modules', '.cache', 'evenkeel');

export interface Build {
  /** For people: `plugin`, `preview host for Grafana 13.2`. */
  readonly name: string;
  /** What the build is made of. */
  readonly sources: readonly string[];
  /** Run with its arguments and, after them, the output path. */
  readonly script: string;
  readonly args: readonly string[];
  readonly outputPath: string;
  /** A file that exists when the build is there. */
  readonly proof: string;
}

export const pluginBuild: Build = {
  name: 'plugin',
  sources: ['src', 'contract/src', 'core/src', '.config/webpack', 'plugin.json', 'package.json', 'package-lock.json'],
  script: join(root, '.config', 'webpack', 'build.ts'),
  args: [],
  outputPath: join(root, 'dist'),
  proof: 'module.js',
};

/** The page around the plugin, with the libraries of one Grafana. */
export const hostBuild = (version: GrafanaVersion): Build => ({
  name: `preview host for Grafana ${version}`,
  sources: [
    'preview/host',
    'preview/server/buildHost.ts',
    'preview/server/grafanaLibraries.ts',
    'preview/grafana12/package.json',
    'package-lock.json',
  ],
  script: join(root, 'preview', 'server', 'buildHost.ts'),
  args: [version],
  outputPath: join(cache, `preview-host-${version}`),
  proof: 'main.js',
});

function runScript({ script, args, outputPath }: Build, log: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args, outputPath], {
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

/** Builds what is not built yet or was made of other sources, and says so; returns at once otherwise. Two processes never build the same. */
export async function ensureBuilt(build: Build, log: (line: string) => void): Promise<void> {
  const wanted = contentHash(build.sources.map((path) => join(root, path)));
  const stamp = join(cache, `${build.name.replaceAll(' ', '-')}.hash`);
  const isThere = () =>
    existsSync(join(build.outputPath, build.proof)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (isThere()) return;
  await withLock(`${stamp}.lock`, async () => {
    if (isThere()) return;
    log(`Building the ${build.name} (once per change) …`);
    rmSync(stamp, { force: true });
    await runScript(build, log);
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, wanted);
  });
}
