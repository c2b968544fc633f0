import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault } from '@evenkeel/contract/fault';
import { ServiceProcess } from './support/serviceProcess.ts';

/**
 * `npm run bench:faults-guard -- [faults]`: how soon the steady-state guard takes a fault back, counted from the moment at which its injection began.
 * One of two pods fails half of its requests, which no run with a guard of 10 % may go on with. Allowed: three seconds.
 */
const FAULTS = Number(process.argv[2] ?? 20);
const WITHIN_MS = 3000;
/** A pod rests for five seconds between two faults; two pods take turns. */
const REST_MS = 3000;

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-guard-'));
const service = await ServiceProcess.start(join(folder, 'evenkeel.db'), { EVENKEEL_EMBEDDED_OPTIONS: '{"pods":2}' });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const taken: number[] = [];
const problems: string[] = [];

async function inject(pod: string): Promise<Fault> {
  const fault = { type: 'errors', percent: 50, scope: { pod }, forSeconds: 15, guard: { errorRatePercent: 10 } };
  const response = await fetch(`${service.url}/api/v1/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ targetId: 'embedded', fault }),
  });
  if (response.status !== 201) throw new Error(await response.text());
  return (await response.json()) as Fault;
}

async function over(id: string): Promise<Fault> {
  for (;;) {
    const { faults } = await service.get<{ faults: Fault[] }>('/faults?limit=1');
    const [fault] = faults;
    if (fault?.id === id && fault.endedAt !== null) return fault;
    await pause(50);
  }
}

try {
  const run = await service.load(200, 30 * FAULTS + 60);
  await pause(4000);
  for (let i = 0; i < FAULTS; i++) {
    const { id } = await inject(`pod-${(i % 2) + 1}`);
    const { ending, steps } = await over(id);
    const at = (state: string) => steps.find((step) => step.state === state)!.at;
    if (ending === 'guard') taken.push(at('reverted') - at('injecting'));
    else problems.push(`fault ${i + 1} ended as ${ending}`);
    await pause(REST_MS + Math.random() * 1000);
  }
  await service.stop(run);
} finally {
  await service.end();
  rmSync(folder, { recursive: true, force: true });
}
for (const problem of problems) console.log(`WRONG ${problem}`);
const slowest = Math.max(...taken);
console.log(
  `${slowest <= WITHIN_MS ? 'ok   ' : 'WRONG'} ${taken.length} of ${FAULTS} faults were taken back by the guard, ` +
    `${Math.min(...taken)} to ${slowest} ms after their injection began`
);
process.exitCode = problems.length === 0 && slowest <= WITHIN_MS ? 0 : 1;
