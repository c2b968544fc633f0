/** The real service with its embedded cluster, on free ports, for the browser tests. Prints its URL; ends with its standard input. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startService } from '../../sidecar/src/main.ts';
import { settingsSchema } from '../../sidecar/src/settings/settingsSchema.ts';

const [token = '', port = '0', grafana] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'evenkeel-e2e-'));
const settings = settingsSchema.parse({
  listen: { port: Number(port) },
  logLevel: 'error',
  database: { file: join(folder, 'evenkeel.db') },
  auth: { grafanaTokens: [token] },
  grafana: grafana === undefined ? null : { url: grafana, issuer: grafana, orgId: 1 },
  embedded: { options: { pods: 4 } },
  // Tests are shorter than any test that a person would want.
  limits: { durationSeconds: { min: 3, max: 600 } },
});
const service = await startService(settings);
console.log(service.url);
process.stdin.resume();
process.stdin.on('end', async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
});
