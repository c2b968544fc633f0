// Makes `npm start` and `npm test` work on a fresh clone: installs exactly what the lock file says, once per lock file.
// Plain JavaScript without dependencies: it runs before anything is installed, on whatever Node the machine has.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.evenkeel-installed');
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(`Evenkeel needs Node 20 or newer to install itself; this is ${process.versions.node}.`);
  process.exit(2);
}
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) process.exit(0);

console.error('Evenkeel: installing dependencies from the lock file (first run or changed lock file) …');
const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
const result = spawnSync(
  npm[0],
  [...npm.slice(1), 'ci', '--no-audit', '--no-fund', '--include=dev', '--loglevel=error'],
  {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
  }
);
if (result.status !== 0) {
  console.error('Evenkeel: npm ci failed; the lines above say why. Nothing was started.');
  process.exit(result.status ?? 1);
}
writeFileSync(stamp, wanted);
console.error('Evenkeel: installed.');
