import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** 256 bits. Hexadecimal, because Grafana reads `$` in a provisioned value as a variable and the service splits lists at commas. */
const secret = () => randomBytes(32).toString('hex');

/**
 * Makes the secrets of a compose stack below `root`, each once: one folder, and so one volume, for each container, which can read
 * nobody else's. Returns the files that were written; none when all were there already. Tokens that two containers share are
 * written anew together when one of them is gone.
 *
 * Readable by all users within a folder: each container has a user of its own, and the volume is the boundary.
 */
export function makeSecrets(root: string, environment: Readonly<Record<string, string | undefined>>): string[] {
  const grafana = secret();
  const prometheus = secret();
  const demo = secret();
  const groups: Record<string, string>[] = [
    {
      'service/grafana-token': grafana,
      'service/tokens': `prometheus:Viewer:${prometheus},demo:Editor:${demo}`,
      'grafana/token': grafana,
      'prometheus/token': prometheus,
      'demo/token': demo,
    },
    { 'grafana/secret-key': secret() },
    { 'grafana/admin-password': environment.GRAFANA_ADMIN_PASSWORD || randomBytes(12).toString('base64url') },
  ];
  const missing = groups.filter((group) => !Object.keys(group).every((name) => existsSync(join(root, name))));
  for (const group of missing) {
    for (const [name, content] of Object.entries(group)) {
      const file = join(root, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, content, { mode: 0o444 });
      renameSync(`${file}.new`, file);
    }
  }
  return missing.flatMap((group) => Object.keys(group));
}

if (import.meta.main) {
  const root = process.argv[2] ?? '/secrets';
  const written = makeSecrets(root, process.env);
  const text = written.length > 0 ? `made ${written.join(', ')} in ${root}` : `the secrets in ${root} stay as they are`;
  console.log(`evenkeel: ${text}`);
}
