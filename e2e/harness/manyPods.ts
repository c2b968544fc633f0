import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { STANDARD_LIMITS } from '@evenkeel/contract/limits';
import type { Run } from '@evenkeel/contract/run';
import { scenarioSchema } from '@evenkeel/contract/scenario';
import { timelinePointOf } from '@evenkeel/contract/timeline';
import { syntheticSample } from './syntheticSample.ts';

export const MANY_PODS_RUN = 'many-pods';

/** A service with one endless run over more pods than a test machine can run: only what the live page asks for. */
export async function startManyPods(pods: number, everyMs: number): Promise<{ url: string; stop(): void }> {
  const names = Array.from({ length: pods }, (_, i) => `shop-7d9f-${String(i + 1).padStart(4, '0')}`);
  const startedAt = Date.now();
  const run: Run = {
    id: MANY_PODS_RUN,
    state: 'measuring',
    reason: null,
    scenario: scenarioSchema.parse({
      name: 'Many pods',
      load: { model: 'rate', stages: [{ from: 10_000, to: 10_000, durationSeconds: 600 }] },
    }),
    target: {
      id: 'shop',
      name: 'Shop',
      kind: 'kubernetes',
      url: 'http://shop.example:80',
      attribution: { header: 'x-evenkeel-pod' },
      balancer: 'ingress-nginx, round-robin',
    },
    createdAt: startedAt,
    startedAt,
    endedAt: null,
    startedBy: 'admin',
    labels: {},
    note: '',
    baseline: false,
  };
  const status = {
    service: 'evenkeel',
    version: '0.1.0',
    apiVersion: 1,
    now: startedAt,
    ready: true,
    problems: [],
    you: { subject: 'grafana', role: 'Viewer', verified: false },
    limits: STANDARD_LIMITS,
    safety: { engaged: false, reason: null, by: null, at: null },
    activeRuns: [{ runId: run.id, targetId: run.target.id }],
  };
  const server = createServer((request, response) => {
    if (!request.url?.endsWith('/events')) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(status));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (name: string, data: unknown) => response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    const past = Array.from({ length: 60 }, (_, second) => syntheticSample(names, second, 'measuring', startedAt, 10));
    send('snapshot', {
      run,
      now: Date.now(),
      plannedSeconds: 605,
      timeline: past.map(timelinePointOf),
      sample: past.at(-1),
      marks: [],
      notices: [],
      report: null,
    });
    let second = past.length;
    const timer = setInterval(
      () => send('sample', syntheticSample(names, second++, 'measuring', startedAt, 10)),
      everyMs
    );
    response.on('close', () => clearInterval(timer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
