// Grafana's runtime reads its boot data while it is being imported, so everything else is imported after it is set.
import { bootGrafana } from './bootData.ts';

bootGrafana();
const { renderHost } = await import('./renderHost.tsx');
await renderHost();
