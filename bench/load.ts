import { parseArgs } from 'node:util';
import { median, medianAndRange } from './support/figures.ts';
import { nginxTarget } from './support/nginxTarget.ts';
import { type Peer, peers } from './support/peers.ts';
import { installed, runPinned } from './support/pinnedProcess.ts';
import { machine, publish, table } from './support/resultsPage.ts';

/**
 * What a request costs each load generator: CPU time of the whole process, start-up included, over answered requests,
 * against the same nginx, one after another in every round (A B C A B C …). Installs nothing.
 */
const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '8' },
    connections: { type: 'string', default: '50' },
    only: { type: 'string' },
    'no-write': { type: 'boolean', default: false },
  },
});
const [rounds, seconds, connections] = [Number(flags.rounds), Number(flags.seconds), Number(flags.connections)];
const GENERATOR_CORE = 0;
const SERVER_CORE = 1;
/** Requests at once over an HTTP/2 connection; fewer connections make up for it. */
const HTTP2_STREAMS = 5;

if (!installed('nginx')) {
  console.log('bench:load needs nginx (Debian: nginx). Nothing was measured.');
  process.exit(0);
}
const about = machine();
const target = await nginxTarget(SERVER_CORE);
const contenders = peers().filter((peer) => {
  if (flags.only !== undefined && !flags.only.split(',').includes(peer.name)) return false;
  if (!peer.available) console.log(`${peer.name} is not installed and left out (${peer.from})`);
  return peer.available;
});
interface Cost {
  readonly microseconds: number[];
  readonly ownMicroseconds: number[];
  readonly rates: number[];
}

/** Runs every contender once per round, one after another, and returns a table of what they cost. */
async function compared(contenders: readonly Peer[], commandOf: (peer: Peer) => readonly string[]): Promise<string> {
  const costs = new Map<Peer, Cost>();
  for (let round = 1; round <= rounds; round++) {
    for (const peer of contenders) {
      const { output, cpuSeconds, userSeconds } = await runPinned(GENERATOR_CORE, commandOf(peer));
      const requests = peer.requests(output);
      if (!(requests > 0)) {
        console.log(`round ${round}: ${peer.name} gave no figure: ${output.trim().split('\n').at(-1)}`);
        continue;
      }
      const cost = costs.get(peer) ?? { microseconds: [], ownMicroseconds: [], rates: [] };
      costs.set(peer, cost);
      cost.microseconds.push((cpuSeconds / requests) * 1e6);
      cost.ownMicroseconds.push((userSeconds / requests) * 1e6);
      cost.rates.push(requests / seconds);
      console.log(
        `round ${round}: ${peer.name}: ${((cpuSeconds / requests) * 1e6).toFixed(1)} us/request, ${Math.round(requests / seconds)} requests/s`
      );
    }
  }
  const own = costs.get(contenders[0]!);
  const ownCost = own === undefined ? Number.NaN : median(own.microseconds);
  const rows = [...costs]
    .sort(([, a], [, b]) => median(a.microseconds) - median(b.microseconds))
    .map(([peer, { microseconds, ownMicroseconds, rates }]) => [
      peer.name,
      medianAndRange(microseconds, 1),
      median(ownMicroseconds).toFixed(1),
      medianAndRange(rates, 0),
      `${(median(microseconds) / ownCost).toFixed(2)}x`,
    ]);
  return table(['generator', 'CPU µs per request', 'of it outside the kernel', 'requests/s', 'its cost / ours'], rows);
}

try {
  const plain = await compared(contenders, (peer) => peer.command(target.url, connections, seconds));
  const secure = await compared(
    contenders.filter((peer) => peer.tls),
    (peer) => peer.command(target.secureUrl, connections, seconds)
  );
  const http2 = await compared(
    contenders.filter((peer) => peer.http2Command !== undefined),
    (peer) => peer.http2Command!(target.secureUrl, connections / HTTP2_STREAMS, HTTP2_STREAMS, seconds)
  );
  const text = [
    '',
    plain,
    '',
    'Over TLS 1.3, connections kept:',
    '',
    secure,
    '',
    `Over HTTP/2 and TLS 1.3, ${connections / HTTP2_STREAMS} connections with ${HTTP2_STREAMS} requests at once over each:`,
    '',
    http2,
    '',
    `Median (lowest – highest) of ${rounds} rounds of ${seconds} s, ${connections} connections. ${about}.`,
  ].join('\n');
  console.log(text);
  if (!flags['no-write']) publish('bench:load', text);
} finally {
  await target.stop();
}
