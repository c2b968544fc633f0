import { POD_HEADER } from '@evenkeel/contract/attribution';
import type { FaultEffect } from '@evenkeel/contract/fault';
import { OUTCOMES } from '@evenkeel/contract/outcome';
import { scenarioSchema } from '@evenkeel/contract/scenario';
import { Histogram } from '@evenkeel/core/histogram/histogram';
import { LoadEngine } from '../engine/src/loadEngine.ts';
import { EmbeddedCluster } from '../lab/src/embeddedCluster.ts';
import { EMBEDDED_DEFAULTS } from '../lab/src/embeddedOptions.ts';
import { EmbeddedFaultDriver } from '../lab/src/faultDriver.ts';

/**
 * `npm run bench:faults-agreement`: does the load engine measure what a fault was asked to do? One of two pods is under the fault,
 * the other one is the measure of what the machine does by itself. Allowed: ±5 ms or 5 % of the delay, ±1 percentage point.
 */
const cluster = await EmbeddedCluster.start({
  ...EMBEDDED_DEFAULTS,
  pods: 2,
  serviceTime: { kind: 'constant', meanMs: 2 },
  ejection: null,
});
const driver = new EmbeddedFaultDriver(cluster);
const OK = OUTCOMES.indexOf('ok');

interface PodTotals {
  readonly response: Histogram;
  requests: number;
  failed: number;
}

/** What each pod did in `seconds` at `rate` requests per second, with `pod-1` under the fault. */
async function measure(effect: FaultEffect, rate: number, seconds: number): Promise<Map<string, PodTotals>> {
  const injection = { faultId: `agreement-${effect.type}`, pod: 'pod-1', effect };
  const inverse = await driver.inverse(injection);
  await driver.apply(injection, inverse, 300_000);
  const handle = await new LoadEngine().start({
    runId: 'agreement',
    url: cluster.url,
    scenario: scenarioSchema.parse({
      name: 'Agreement',
      load: { model: 'rate', stages: [{ from: rate, to: rate, durationSeconds: Math.max(10, seconds + 2) }] },
      connections: { policy: 'round-robin', count: 4 * rate },
    }),
    attribution: { header: POD_HEADER },
    pods: cluster.list(),
    acceptUnknownPods: false,
    allowedNetworks: ['127.0.0.0/8'],
  });
  const totals = new Map<string, PodTotals>();
  handle.onSecond((second) => {
    if (second.phase === 'warming') return;
    for (const [pod, { response, outcomes }] of second.pods) {
      let sum = totals.get(pod);
      if (sum === undefined) {
        sum = { response: new Histogram(), requests: 0, failed: 0 };
        totals.set(pod, sum);
      }
      sum.response.add(response);
      const all = outcomes.reduce((total, n) => total + n, 0);
      sum.requests += all;
      sum.failed += all - outcomes[OK]!;
    }
  });
  await handle.ended;
  await driver.revert(inverse);
  return totals;
}

let wrong = 0;
const say = (text: string, isRight: boolean) => {
  if (!isRight) wrong++;
  console.log(`${isRight ? 'ok   ' : 'WRONG'} ${text}`);
};

try {
  for (const delayMs of [50, 250, 1000]) {
    const totals = await measure({ type: 'latency', delayMs, jitterMs: 0 }, 300, 10);
    const median = (pod: string) => (totals.get(pod)?.response.quantile(0.5) ?? Number.NaN) / 1000;
    const measured = median('pod-1') - median('pod-2');
    const allowed = Math.max(5, 0.05 * delayMs);
    const { requests } = totals.get('pod-1')!;
    say(
      `latency ${delayMs} ms: measured ${measured.toFixed(1)} ms over ${requests} requests`,
      Math.abs(measured - delayMs) <= allowed
    );
  }
  for (const percent of [5, 20, 50]) {
    const totals = await measure({ type: 'errors', percent, status: 503 }, 1000, 21);
    const { requests, failed } = totals.get('pod-1') ?? { requests: 0, failed: 0 };
    const measured = (100 * failed) / requests;
    say(
      `errors ${percent} %: measured ${measured.toFixed(2)} % of ${requests} requests; the other pod ${totals.get('pod-2')?.failed ?? 'none'}`,
      Math.abs(measured - percent) <= 1 && requests >= 10_000
    );
  }
} finally {
  await cluster.stop();
}
process.exitCode = wrong === 0 ? 0 : 1;
