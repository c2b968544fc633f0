import { evenkeelLoad, flatOut } from '../support/evenkeelProcess.ts';
import { median } from '../support/figures.ts';
import { type NginxTarget, POD_COUNTS } from '../support/nginxTarget.ts';
import { table } from '../support/resultsPage.ts';

/** What a request costs when responses come from 1, 10, 100 or 1,000 pods; rounds are interleaved. */
export async function podCost(target: NginxTarget, core: number, seconds: number, rounds: number): Promise<string> {
  const costs = POD_COUNTS.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++) {
    for (const [index, pods] of POD_COUNTS.entries()) {
      const url = target.url.replace(/pods-\d+$/, `pods-${pods}`);
      const load = await evenkeelLoad(core, url, flatOut(50, seconds));
      costs[index]!.push((load.loadCpuSeconds / load.ok) * 1e6);
    }
  }
  const base = median(costs[0]!);
  const rows = POD_COUNTS.map((pods, index) => [
    pods.toLocaleString('en-US'),
    median(costs[index]!).toFixed(2),
    `${((median(costs[index]!) / base - 1) * 100).toFixed(1)} %`,
  ]);
  return [
    `**Cost by number of pods.** CPU of the generator while the load ran, median of ${rounds} rounds of ${seconds} s.`,
    '',
    table(['pods', 'CPU µs per request', 'against 1 pod'], rows),
  ].join('\n');
}
