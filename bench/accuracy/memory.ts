import { type BenchScenario, constantRate, evenkeelLoad } from '../support/evenkeelProcess.ts';
import { median } from '../support/figures.ts';
import type { NginxTarget } from '../support/nginxTarget.ts';
import { table } from '../support/resultsPage.ts';

/** Resident memory over a run: it may grow until everything is warm, and not with the run's length. */
export async function memory(target: NginxTarget, core: number, seconds: number): Promise<string> {
  const cases: Readonly<Record<string, BenchScenario>> = {
    '5,000/s over 50 connections': constantRate(5000, seconds),
    '500/s, a connection for each': {
      ...constantRate(500, seconds),
      connections: { policy: 'per-request', count: 100 },
    },
    '5,000/s over 10,000 connections': constantRate(5000, seconds, 10_000),
  };
  const rows: string[][] = [];
  for (const [name, scenario] of Object.entries(cases)) {
    const load = await evenkeelLoad(core, target.url, scenario);
    const tenth = Math.max(1, Math.floor(load.memory.length / 10));
    const early = median(load.memory.slice(2 * tenth, 4 * tenth));
    const late = median(load.memory.slice(-2 * tenth));
    const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
    rows.push([
      name,
      load.ok.toLocaleString('en-US'),
      load.connectionsOpened.toLocaleString('en-US'),
      mebibytes(early),
      mebibytes(late),
      `${late >= early ? '+' : '−'}${mebibytes(Math.abs(late - early))}`,
    ]);
  }
  return [
    `**Memory** (resident, whole process) over ${seconds} s.`,
    '',
    table(['load', 'responses', 'connections opened', 'after 20–40 %', 'in the last 20 %', 'growth'], rows),
  ].join('\n');
}
