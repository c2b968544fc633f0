import { createRequire } from 'node:module';
import { constantRate, evenkeelLoad } from '../support/evenkeelProcess.ts';
import { installed, runPinned } from '../support/pinnedProcess.ts';
import { table } from '../support/resultsPage.ts';
import { rotatingServer, type ServerProcess, sleep } from './serverProcess.ts';

const RATE = 1000;
const SECONDS = 10;
const FREEZE_MS = 2000;
const QUANTILES = [0.5, 0.9, 0.99] as const;

/**
 * Response time that an open load of RATE sees at quantile q when the target stands still for FREEZE_MS: a fifth of the
 * arrivals fall into the freeze and wait for its end, uniformly between 0 and FREEZE_MS; the others wait for nothing.
 */
function truth(q: number): number {
  const hit = FREEZE_MS / (SECONDS * 1000);
  return q <= 1 - hit ? 0 : (FREEZE_MS * (q - (1 - hit))) / hit;
}

type Percentiles = readonly [p50: number, p90: number, p99: number];

/** A constant rate against a server that is frozen in the middle, by every generator that can keep a rate. */
export async function stall(generatorCore: number, serverCore: number): Promise<string> {
  const autocannon = createRequire(import.meta.url).resolve('autocannon');
  const contenders: Record<string, ((url: string) => Promise<Percentiles>) | null> = {
    evenkeel: async (url) => {
      const { response } = await evenkeelLoad(generatorCore, url, constantRate(RATE, SECONDS, 3000));
      return [response.p50!, response.p90!, response.p99!];
    },
    'autocannon -R (default correction)': (url) =>
      fromAutocannon([process.execPath, autocannon, '-j', '-c', '10', '-R', `${RATE}`, '-d', `${SECONDS}`, url]),
    'autocannon -R -C (no correction)': (url) =>
      fromAutocannon([process.execPath, autocannon, '-j', '-C', '-c', '10', '-R', `${RATE}`, '-d', `${SECONDS}`, url]),
    'hey -q': installed('hey')
      ? async (url) => {
          const { output } = await runPinned(generatorCore, [
            'hey',
            '-q',
            `${RATE / 10}`,
            '-c',
            '10',
            '-z',
            `${SECONDS}s`,
            url,
          ]);
          const at = (percent: number) => Number(new RegExp(`${percent}%+ in ([\\d.]+) secs`).exec(output)?.[1]) * 1000;
          return [at(50), at(90), at(99)];
        }
      : null,
  };

  async function fromAutocannon(command: readonly string[]): Promise<Percentiles> {
    const { output } = await runPinned(generatorCore, command);
    const line = output.split('\n').find((text) => text.startsWith('{')) ?? '';
    const { latency } = JSON.parse(line) as { latency: { p50: number; p90: number; p99: number } };
    return [latency.p50, latency.p90, latency.p99];
  }

  const rows = [['the truth', ...QUANTILES.map((q) => `${truth(q).toFixed(0)} ms`), '']];
  for (const [name, run] of Object.entries(contenders)) {
    if (run === null) {
      console.log(`${name} is not installed and left out of the stall test`);
      continue;
    }
    const server = await rotatingServer(serverCore, 'request', 5);
    try {
      const [measured] = await Promise.all([run(server.url), freezeInTheMiddle(server)]);
      const p99 = truth(0.99);
      rows.push([
        name,
        ...measured.map((value) => `${value.toFixed(1)} ms`),
        `${(p99 / measured[2]).toFixed(p99 / measured[2] < 10 ? 2 : 0)}x`,
      ]);
    } finally {
      await server.stop();
    }
  }
  return [
    `**The stall test.** ${RATE} requests/s for ${SECONDS} s; the server is frozen for ${FREEZE_MS / 1000} s in the middle.`,
    '',
    table(['generator', 'p50', 'p90', 'p99', 'true p99 / measured'], rows),
  ].join('\n');
}

async function freezeInTheMiddle(server: ServerProcess): Promise<void> {
  await sleep(5000);
  await server.freeze(FREEZE_MS);
}
