import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Random } from '@evenkeel/core/random/random';
import { spike } from '@evenkeel/core/scenarios/builtinScenarios';
import { executeRun } from '../core/src/run/runExecution.ts';
import { EmbeddedCluster } from '../lab/src/embeddedCluster.ts';
import { EMBEDDED_DEFAULTS } from '../lab/src/embeddedOptions.ts';
import { embeddedRun } from './support/embeddedRun.ts';
import { machine, publish, table } from './support/resultsPage.ts';

/**
 * Whether the recovery after a spike is timed rightly: real pods of this machine whose capacity is known exactly get more than they
 * can answer for some seconds. The queue grows by peak - capacity and drains by capacity - base, so the second in which it is empty
 * follows. Writes its table into docs/scenarios.md. Exits with 1 when one answer is more than 1 s off. Installs nothing.
 */
const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
    'no-write': { type: 'boolean', default: false },
  },
});
const runs = Number(flags.runs);
const random = new Random(Number(flags.seed));
const about = machine();
const rows: string[][] = [];
let near = 0;
for (let run = 1; run <= runs; run++) {
  const pods = 2 + random.below(2);
  const concurrency = 6 + random.below(7);
  // Long enough that a few milliseconds of the machine's own are no slower service.
  const serviceMs = 60 + random.below(41);
  const capacity = (pods * concurrency * 1000) / serviceMs;
  const baseRate = Math.round(capacity * (0.4 + 0.2 * random.next()));
  const multiple = 3;
  const holdSeconds = 3 + random.below(3);
  const drains = ((baseRate * multiple - capacity) * holdSeconds) / (capacity - baseRate);
  // The queue must form in the pods, not here; and the connections for it are opened before anything counts.
  const count = Math.ceil((baseRate * multiple - capacity) * holdSeconds + 100);
  const warmupSeconds = Math.ceil(count / baseRate) + 2;
  const baseSeconds = warmupSeconds + 10;
  const scenario = {
    ...spike({ baseRate, multiple, baseSeconds, holdSeconds, recoverySeconds: Math.ceil(drains) + 8 }),
    connections: { policy: 'round-robin', count } as const,
    warmupSeconds,
    thresholds: [],
  };
  const cluster = await EmbeddedCluster.start({
    ...EMBEDDED_DEFAULTS,
    pods,
    concurrency,
    queue: 10_000,
    serviceTime: { kind: 'constant', meanMs: serviceMs },
    seed: run,
  });
  try {
    const { recovery } = await executeRun(embeddedRun(cluster, scenario)).ended;
    const seconds = recovery?.recoverySeconds ?? null;
    if (seconds !== null && Math.abs(seconds - drains) <= 1) near++;
    const row = [
      `${pods} x ${concurrency} / ${serviceMs} ms = ${capacity.toFixed(0)}/s`,
      `${baseRate} to ${baseRate * multiple} for ${holdSeconds} s`,
      drains.toFixed(1),
      seconds === null ? '-' : String(seconds),
    ];
    rows.push(row);
    console.log(`${row.join(' | ')} | ${recovery?.sentence}`);
  } finally {
    await cluster.stop();
  }
}
const text = [
  table(['capacity', 'requests/s', 'queue is empty after, s', 'found, s'], rows),
  '',
  `**${near} of ${runs} within 1 s.** Our own balancer in front, seed ${flags.seed}. ${about}; load average at its end ${loadavg()[0]!.toFixed(2)}.`,
].join('\n');
console.log(`\n${text}`);
if (!flags['no-write']) publish('bench:spike', text, 'scenarios.md');
process.exit(near === runs ? 0 : 1);
