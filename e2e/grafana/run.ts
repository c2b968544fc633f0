/** `GRAFANA_URL=http://localhost:3000 npm run e2e:grafana`: the specs of this folder against a real Grafana with the plugin in it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const { GRAFANA_URL } = process.env;
if (!GRAFANA_URL) {
  console.log(
    'e2e:grafana: skipped, because GRAFANA_URL is not set; set it to a Grafana with the plugin, as `docker compose up` brings'
  );
  process.exit(0);
}
try {
  const answer = await fetch(new URL('/api/health', GRAFANA_URL), { signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
} catch (error) {
  console.error(`e2e:grafana: no Grafana at ${GRAFANA_URL}: ${error instanceof Error ? error.message : error}`);
  process.exit(2);
}
const root = join(import.meta.dirname, '..', '..');
// Sessions and pictures of failures are left where nobody commits them.
const cwd = join(root, 'node_modules', '.cache', 'evenkeel', 'grafana-e2e');
mkdirSync(cwd, { recursive: true });
const playwright = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
const config = join(import.meta.dirname, 'playwright.config.ts');
const { status } = spawnSync(process.execPath, [playwright, 'test', '--config', config, ...process.argv.slice(2)], {
  cwd,
  stdio: 'inherit',
});
process.exit(status ?? 1);
