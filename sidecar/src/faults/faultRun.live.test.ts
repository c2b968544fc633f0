import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '@evenkeel/contract/report';
import type { Run } from '@evenkeel/contract/run';
import { type Service, startService } from '../main.ts';
import { settingsSchema } from '../settings/settingsSchema.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-fault-run-'));
let service: Service;

beforeAll(async () => {
  service = await startService(
    settingsSchema.parse({
      listen: { port: 0 },
      logLevel: 'silent',
      database: { file: join(folder, 'evenkeel.db') },
      embedded: { options: { pods: 4 } },
    })
  );
}, 60_000);
afterAll(async () => {
  await service?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${service.url}/api/v1${path}`, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as T;
}

/** The whole way: service, load engine, balancer, pods. */
it('a run with a plan: the neighbours of a crashed pod take over evenly, and the report says what each fault did', async () => {
  const scenario = {
    name: 'Two faults',
    load: { model: 'rate', stages: [{ from: 100, to: 100, durationSeconds: 13 }] },
    warmupSeconds: 1,
    faults: [
      { type: 'pod-failure', scope: { pod: 'pod-1' }, restart: false, atSecond: 3, forSeconds: 4 },
      {
        type: 'errors',
        percent: 50,
        scope: { pod: 'pod-2' },
        atSecond: 8,
        forSeconds: 30,
        guard: { errorRatePercent: 1 },
      },
    ],
  };
  let run = await call<Run>('POST', '/runs', { targetId: 'embedded', scenario });
  while (run.endedAt === null) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    run = await call<Run>('GET', `/runs/${run.id}`);
  }
  const report = await call<Report>('GET', `/runs/${run.id}/report`);
  const [crash, errors] = report.faults!;
  expect(crash).toMatchObject({ pods: ['pod-1'], state: 'reverted', ending: 'expired' });
  // A pod that is down is not eligible: the score is about the three that are left.
  expect(crash!.during!.scorePercent).toBeGreaterThan(90);
  expect(crash!.before!.errorRatePercent).toBe(0);
  expect(errors).toMatchObject({ pods: ['pod-2'], state: 'reverted', ending: 'guard' });
  const kinds = report.events.map(({ kind }) => kind);
  expect(kinds).toEqual(
    expect.arrayContaining(['fault-injecting', 'fault-active', 'fault-reverting', 'fault-reverted'])
  );
  const metrics = await (await fetch(`${service.url}/metrics`)).text();
  expect(metrics).toContain('evenkeel_fault_active{target="embedded",type="pod-failure",severity="custom"} 0');
}, 120_000);
