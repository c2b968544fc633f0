import type { PodStatus } from '@evenkeel/contract/target';
import { FakeLoadEngine } from '../../core/src/run/testing/fakeLoadEngine.ts';
import { type DefaultCluster, startService } from '../../sidecar/src/main.ts';
import { settingsSchema } from '../../sidecar/src/settings/settingsSchema.ts';
import type { YardCall } from './clusterYard.ts';

/** The real service over a yard's pods, to be killed: `killableService.ts <database> <url of the yard>`. */
const [file, yard] = process.argv.slice(2) as [string, string];

const call = async <T>(body: YardCall): Promise<T> => {
  const response = await fetch(yard, { method: 'POST', body: JSON.stringify(body) });
  return (await response.json()) as T;
};

interface Listed {
  readonly url: string;
  readonly pods: readonly PodStatus[];
}

let listed = await call<Listed>({ do: 'list' });
setInterval(async () => {
  // A busy yard may miss one; the next look comes soon.
  listed = await call<Listed>({ do: 'list' }).catch(() => listed);
}, 50);

const cluster: DefaultCluster = {
  complete: true,
  url: listed.url,
  description: 'pods that outlive this service',
  list: () => listed.pods,
  injectFault: (pod, fault, stayDown = false) => call({ do: 'inject', pod, fault, stayDown }),
  clearFault: (pod, id) => call({ do: 'clear', pod, id }),
  onEvent: () => () => {},
};

const settings = settingsSchema.parse({ listen: { port: 0 }, database: { file }, logLevel: 'silent' });
const service = await startService(settings, { cluster, engine: new FakeLoadEngine({ tickMs: 1000 }) });
process.send!(service.url);
process.on('disconnect', () => process.exit(0));
