/** `npm run preview -- --service http://127.0.0.1:8787 [--token …] [--port 3000] [--role Admin] [--grafana 12.4]` */
import { parseArgs } from 'node:util';
import { roleSchema } from '@evenkeel/contract/role';
import { GRAFANA_VERSIONS } from './grafanaLibraries.ts';
import { startPreview } from './startPreview.ts';

const { values } = parseArgs({
  options: {
    service: { type: 'string', default: 'http://127.0.0.1:8787' },
    token: { type: 'string' },
    port: { type: 'string', default: '3000' },
    role: { type: 'string', default: 'Admin' },
    grafana: { type: 'string', default: '13.2' },
  },
});
const role = roleSchema.safeParse(values.role);
if (!role.success) {
  console.error(`preview: --role must be Viewer, Editor or Admin, not "${values.role}"`);
  process.exit(2);
}
const grafana = GRAFANA_VERSIONS.find((version) => version === values.grafana);
if (!grafana) {
  console.error(`preview: --grafana must be ${GRAFANA_VERSIONS.join(' or ')}, not "${values.grafana}"`);
  process.exit(2);
}
try {
  const preview = await startPreview({
    port: Number(values.port),
    serviceUrl: values.service,
    // The environment keeps a token out of the process list.
    token: values.token ?? process.env.EVENKEEL_TOKEN,
    role: role.data,
    grafana,
    log: (line) => console.error(line),
  });
  console.log(`Evenkeel preview: ${preview.url}  (service: ${values.service}, libraries of Grafana ${grafana})`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void preview.stop());
} catch (error) {
  console.error(`preview: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
