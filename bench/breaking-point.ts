import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Random } from '@evenkeel/core/random/random';
import { gradualRamp } from '@evenkeel/core/scenarios/builtinScenarios';
import { executeBreakingPoint } from '../core/src/run/breakingPointExecution.ts';
import { EmbeddedCluster } from '../lab/src/embeddedCluster.ts';
import { type BalancerKind, EMBEDDED_DEFAULTS } from '../lab/src/embeddedOptions.ts';
import { embeddedRun } from './support/embeddedRun.ts';
import { installed } from './support/pinnedProcess.ts';
import { machine, publish, table } from './support/resultsPage.ts';

/**
 * How near the search comes to a breaking point that is known exactly: real pods of this machine that work on `concurrency` requests
 * at once for a constant time each, so that they answer pods x concurrency / time requests/s and no more. Pods, concurrency and time
 * are drawn anew for every run, from a seed. Writes its table into docs/scenarios.md. Exits with 1
 * when fewer than 9 of 10 runs come within 10 %. Installs nothing.
 */
const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    balancer: { type: 'string', default: 'embedded' },
    'step-seconds': { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
    'no-write': { type: 'boolean', default: false },
  },
});
const balancer = flags.balancer as BalancerKind;
if (balancer !== 'embedded' && !installed(balancer)) {
  console.log(`${balancer} is not installed. Nothing was measured.`);
  process.exit(0);
}
const runs = Number(flags.runs);
const random = new Random(Number(flags.seed));
const about = machine();
const rows: string[][] = [];
let near = 0;
for (let number = 1; number <= runs; number++) {
  const pods = 2 + random.below(3);
  const concurrency = 2 + random.below(4);
  const serviceMs = 15 + random.below(26);
  const capacity = (pods * concurrency * 1000) / serviceMs;
  const { outcome, lastGoodRate, firstBadRate, steps, sentence } = await search(pods, concurrency, serviceMs, number);
  const off = lastGoodRate === null ? 1 : lastGoodRate / capacity - 1;
  if (outcome === 'found' && Math.abs(off) <= 0.1) near++;
  const row = [
    `${pods} x ${concurrency} / ${serviceMs} ms`,
    capacity.toFixed(1),
    `${lastGoodRate ?? '-'} to ${firstBadRate ?? '-'}`,
    `${(100 * off).toFixed(1)} %`,
    outcome,
    String(steps.length),
  ];
  rows.push(row);
  console.log(`run ${number}: ${row.join(' | ')}`);
  if (flags.verbose || outcome !== 'found' || Math.abs(off) > 0.1) {
    console.log(sentence);
    for (const step of steps) {
      console.log(
        `  ${step.purpose}${step.repeated ? ' again' : ''} ${step.rate}/s ${step.verdict}: answered ${step.goodRate.toFixed(1)}/s, p95 ${step.p95Ms?.toFixed(0)} ms, generator ${step.generator}. ${step.reasons.join(' ')}`
      );
    }
  }
}
const text = [
  table(
    ['pods x concurrency / time', 'capacity', 'last good to first bad', 'last good off by', 'outcome', 'steps'],
    rows
  ),
  '',
  `**${near} of ${runs} within 10 %.** ${balancer === 'embedded' ? 'The embedded balancer' : balancer} in front, seed ${flags.seed}, steps of ${flags['step-seconds']} s. ${about}; load average at its end ${loadavg()[0]!.toFixed(2)}.`,
].join('\n');
console.log(`\n${text}`);
if (!flags['no-write']) publish(`bench:breaking-point ${balancer}`, text, 'scenarios.md');
process.exit(near >= 0.9 * runs ? 0 : 1);

async function search(pods: number, concurrency: number, meanMs: number, seed: number) {
  const cluster = await EmbeddedCluster.start({
    ...EMBEDDED_DEFAULTS,
    pods,
    concurrency,
    balancer,
    serviceTime: { kind: 'constant', meanMs },
    seed,
  });
  try {
    const scenario = {
      ...gradualRamp({ toRate: 5000 }),
      breakingPoint: { stepSeconds: Number(flags['step-seconds']), cooldownSeconds: 1 },
    };
    const report = await executeBreakingPoint(embeddedRun(cluster, scenario)).ended;
    if (report.run.state !== 'finished') console.log(`ended as ${report.run.state}: ${report.reasons.join(' ')}`);
    return report.breakingPoint!;
  } finally {
    await cluster.stop();
  }
}
