import type { GeneratorHealth, GeneratorState } from '@evenkeel/contract/generator';
import type { MergedSecond } from './secondCodec.ts';

/** From here on the event loop is nearly always busy: responses wait for us before they are seen. */
export const UTILISATION_STRAINED = 0.8;
export const UTILISATION_SATURATED = 0.95;
/** A send this late, in milliseconds, shows in the percentiles; later ones make them ours rather than the target's. */
export const LATENESS_STRAINED_MS = 10;
export const LATENESS_SATURATED_MS = 50;
export const LOOP_DELAY_STRAINED_MS = 20;
export const LOOP_DELAY_SATURATED_MS = 100;
/** A single standstill: garbage collection, a suspended machine, a starved container. */
export const PAUSE_STRAINED_MS = 100;
export const PAUSE_SATURATED_MS = 250;

/**
 * Whether the generator itself can be trusted in this second. A full in-flight bound is not the generator's fault as
 * long as its event loop has room: then it is the target that is slower than the rate asks, and the state is `strained`,
 * never `saturated`. `cpuCores` is of the whole process.
 */
export function generatorHealth(second: MergedSecond, cpuCores: number): GeneratorHealth {
  const lateness = second.lateness.summary();
  const strained: string[] = [];
  const saturated: string[] = [];
  const judge = (value: number, strainedFrom: number, saturatedFrom: number, say: () => string) => {
    if (value >= saturatedFrom) saturated.push(say());
    else if (value >= strainedFrom) strained.push(say());
  };
  judge(
    second.utilisation,
    UTILISATION_STRAINED,
    UTILISATION_SATURATED,
    () => `the event loop was busy for ${(second.utilisation * 100).toFixed(0)} % of the time`
  );
  judge(
    lateness.p99 ?? 0,
    LATENESS_STRAINED_MS,
    LATENESS_SATURATED_MS,
    () => `1 % of the requests went out at least ${lateness.p99!.toFixed(0)} ms late`
  );
  judge(
    second.loopDelayP99Ms,
    LOOP_DELAY_STRAINED_MS,
    LOOP_DELAY_SATURATED_MS,
    () => `the event loop was delayed by ${second.loopDelayP99Ms.toFixed(0)} ms at its 99th percentile`
  );
  judge(
    second.longestPauseMs,
    PAUSE_STRAINED_MS,
    PAUSE_SATURATED_MS,
    () => `the event loop stood still for ${second.longestPauseMs.toFixed(0)} ms`
  );
  let unsent = 0;
  for (const [code, count] of second.faults) {
    unsent += count;
    saturated.push(`${count} requests could not be sent: ${localFaultInWords(code)}`);
  }
  const bounded = second.counts.dropped - unsent;
  if (bounded > 0) {
    if (saturated.length > 0) {
      saturated.push(`${bounded} requests were dropped while the generator was at its own limit`);
    } else {
      strained.push(
        `${bounded} requests were dropped because every connection was waiting for the target; the generator had room:` +
          ' raise connections.count or lower the load'
      );
    }
  }
  const state: GeneratorState = saturated.length > 0 ? 'saturated' : strained.length > 0 ? 'strained' : 'ok';
  return {
    state,
    reasons: [...saturated, ...strained],
    eventLoopUtilisation: second.utilisation,
    eventLoopDelayP99Ms: second.loopDelayP99Ms,
    lateness,
    dropped: second.counts.dropped,
    cpuCores,
    openConnections: second.openConnections,
  };
}

function localFaultInWords(code: string): string {
  switch (code) {
    case 'EADDRNOTAVAIL':
    case 'EADDRINUSE':
      return `this machine has no free local port (${code}); reuse connections or spread the load over machines`;
    case 'EMFILE':
    case 'ENFILE':
      return `this machine has no free file descriptor (${code}); raise the limit (ulimit -n) or use fewer connections`;
    case 'HTTP2_STREAMS':
      return 'the target takes fewer requests at once over an HTTP/2 connection; lower connections.streams';
    default:
      return `this machine is out of network memory (${code})`;
  }
}
