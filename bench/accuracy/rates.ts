import { constantRate, evenkeelLoad, flatOut } from '../support/evenkeelProcess.ts';
import type { NginxTarget } from '../support/nginxTarget.ts';
import { table } from '../support/resultsPage.ts';

/** Connections are opened and code is compiled in it; every run has one, and shows it apart. */
const WARMUP_SECONDS = 3;

/** Whether the open model sends what it was asked for, when it was asked for it, up to 60 % of the most it can send. */
export async function rates(target: NginxTarget, core: number, seconds: number): Promise<string> {
  const most = await evenkeelLoad(core, target.url, flatOut(50, seconds));
  const maximum = most.completed / seconds;
  const rows: string[][] = [];
  for (const share of [0.05, 0.2, 0.4, 0.6]) {
    const rate = Math.round((maximum * share) / 10) * 10;
    const load = await evenkeelLoad(core, target.url, {
      ...constantRate(rate, WARMUP_SECONDS + seconds, 2000),
      warmupSeconds: WARMUP_SECONDS,
    });
    rows.push([
      `${rate.toLocaleString('en-US')}/s (${(share * 100).toFixed(0)} %)`,
      `${((load.sent / (rate * seconds)) * 100).toFixed(3)} %`,
      String(load.dropped),
      `${load.lateness.p50!.toFixed(2)} ms`,
      `${load.lateness.p99!.toFixed(2)} ms`,
      `${load.response.p99!.toFixed(2)} ms`,
      Object.entries(load.generatorStates)
        .map(([state, count]) => `${state} ${count} s`)
        .join(', '),
    ]);
  }
  return [
    `**Achieved over offered rate, and lateness,** behind a warm-up of ${WARMUP_SECONDS} s. The most that this machine sent, flat out: ${Math.round(maximum).toLocaleString('en-US')} requests/s.`,
    '',
    table(['offered', 'achieved', 'dropped', 'lateness p50', 'lateness p99', 'response p99', 'generator'], rows),
  ].join('\n');
}
