import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** 256 bits. Hexadecimal, because Grafana reads `$` in a provisioned value as a variable and the service splits lists at commas. */
const secret = () => randomBytes(32).toString('hex');

/**
 * Makes the secrets of a compose stack below `root`, once: one folder, and so one volume, for each container, which can read
 * nobody else's. Returns the files that were written; none when they were there already.
 *
 * Readable by all users within a folder: each container has a user of its own, and the volume is the boundary.
 */
export function makeSecrets(root: string, environment: Readonly<Record<string, string | undefined>>): string[] {
  const last = join(root, 'demo', 'token');
  if (existsSync(last)) return [];
  const grafana = secret();
  const prometheus = secret();
  const demo = secret();
  const files: [string, string][] = [
    ['service/grafana-token', grafana],
    ['service/tokens', `prometheus:Viewer:${prometheus},demo:Editor:${demo}`],
    ['grafana/token', grafana],
    ['grafana/secret-key', secret()],
    ['grafana/admin-password', environment.GRAFANA_ADMIN_PASSWORD || randomBytes(12).toString('base64url')],
    ['prometheus/token', prometheus],
    // Written last: it says that all are there.
    ['demo/token', demo],
  ];
  for (const [name, content] of files) {
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, content, { mode: 0o444 });
    renameSync(`${file}.new`, file);
  }
  return files.map(([name]) => name);
}

if (import.meta.main) {
  const root = process.argv[2] ?? '/secrets';
  const written = makeSecrets(root, process.env);
  console.log(
    written.length > 0 ? `evenkeel: made ${written.join(', ')} in ${root}` : `evenkeel: the secrets in ${root} stay`
  );
}
