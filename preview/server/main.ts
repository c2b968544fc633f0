/** `npm run preview -- --service http://127.0.0.1:8787 [--token …] [--port 3000] [--role Admin]` */
import { parseArgs } from 'node:util';
import { roleSchema } from '@evenkeel/contract/role';
import { startPreview } from './startPreview.ts';

const { values } = parseArgs({
  options: {
    service: { type: 'string', default: 'http://127.0.0.1:8787' },
    token: { type: 'string' },
    port: { type: 'string', default: '3000' },
    role: { type: 'string', default: 'Admin' },
  },
});
const role = roleSchema.safeParse(values.role);
if (!role.success) {
  console.error(`preview: --role must be Viewer, Editor or Admin, not "${values.role}"`);
  process.exit(2);
}
try {
  const preview = await startPreview({
    port: Number(values.port),
    serviceUrl: values.service,
    // The environment keeps a token out of the process list.
    token: values.token ?? process.env.EVENKEEL_TOKEN,
    role: role.data,
    log: (line) => console.error(line),
  });
  console.log(`Evenkeel preview: ${preview.url}  (service: ${values.service})`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void preview.stop());
} catch (error) {
  console.error(`preview: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
