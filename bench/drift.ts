import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { sustained } from '@evenkeel/core/scenarios/builtinScenarios';
import { executeRun } from '../core/src/run/runExecution.ts';
import { EmbeddedCluster } from '../lab/src/embeddedCluster.ts';
import { EMBEDDED_DEFAULTS } from '../lab/src/embeddedOptions.ts';
import { embeddedRun } from './support/embeddedRun.ts';
import { machine, publish, table } from './support/resultsPage.ts';

/**
 * Whether drift is found where it is and only there: four real pods of this machine under steady load, once as they are and once with
 * one that answers 1 ms later every second. Writes its table into docs/scenarios.md. Exits with 1 when one of them is told wrongly.
 * Installs nothing.
 */
const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '120' },
    'no-write': { type: 'boolean', default: false },
  },
});
const LEAKING = 'pod-2';
const about = machine();
const rows: string[][] = [];
const right = { steady: 0, leaking: 0 };
const runs = Number(flags.runs);
for (let run = 1; run <= runs; run++) {
  for (const leaks of [false, true]) {
    const drift = await driftOf(leaks, run);
    const pods = drift.findings.filter(({ series }) => series === 'pod');
    const isRight = leaks
      ? pods.length === 1 && pods[0]!.pod === LEAKING && pods[0]!.direction === 'rising'
      : drift.verdict === 'steady';
    if (isRight) right[leaks ? 'leaking' : 'steady']++;
    const slopes = pods.map(
      ({ pod, perMinute, perMinuteLow, perMinuteHigh }) =>
        `${pod}: ${(perMinute / 60).toFixed(2)} ms/s (${(perMinuteLow / 60).toFixed(2)} to ${(perMinuteHigh / 60).toFixed(2)})`
    );
    const row = [leaks ? `${LEAKING} leaks 1 ms/s` : 'steady', drift.verdict, slopes.join(', ') || 'none'];
    rows.push(row);
    console.log(`${row.join(' | ')} | ${isRight ? 'right' : 'WRONG'} | ${drift.sentence}`);
  }
}
const text = [
  table(['service', 'verdict', 'pods that drift, with the 95 % interval'], rows),
  '',
  `**Right in ${right.steady} of ${runs} steady and ${right.leaking} of ${runs} leaking services.** 200 requests/s at four pods, ${flags.seconds} s each. ${about}; load average at its end ${loadavg()[0]!.toFixed(2)}.`,
].join('\n');
console.log(`\n${text}`);
if (!flags['no-write']) publish('bench:drift', text, 'scenarios.md');
process.exit(right.steady + right.leaking === 2 * runs ? 0 : 1);

async function driftOf(leaks: boolean, seed: number) {
  const cluster = await EmbeddedCluster.start({
    ...EMBEDDED_DEFAULTS,
    serviceTime: { kind: 'exponential', meanMs: 10 },
    seed,
  });
  const began = Date.now();
  const leak = setInterval(() => {
    const delayMs = Math.round((Date.now() - began) / 1000);
    if (leaks) void cluster.injectFault(LEAKING, { id: 'leak', kind: 'latency', delayMs, jitterMs: 0, ttlMs: 600_000 });
  }, 1000);
  try {
    const scenario = { ...sustained({ seconds: Number(flags.seconds) }), thresholds: [] };
    const report = await executeRun(embeddedRun(cluster, scenario)).ended;
    return report.drift!;
  } finally {
    clearInterval(leak);
    await cluster.stop();
  }
}
