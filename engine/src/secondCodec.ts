import { OUTCOMES } from '@evenkeel/contract/outcomes';
import { Histogram } from '@evenkeel/core/histogram/histogram';
import type { PodSecond } from '@evenkeel/core/run/loadEngine';
import { noCounts, SECOND_COUNTERS } from '@evenkeel/core/run/secondCounts';
import { EndingSums } from './endings.ts';
import type { SecondCounters } from './secondCounters.ts';

/** What a worker knows at the end of a second beside its counters. */
export interface WorkerGauges {
  readonly inFlight: number;
  /** Users running; −1 in the open model. */
  readonly users: number;
  readonly openConnections: number;
  readonly utilisation: number;
  readonly loopDelayP99Ms: number;
  readonly longestPauseMs: number;
}

/** Counters, gauges, and how many pods follow. */
const HEADER = SECOND_COUNTERS.length + 7;

/** Packs one worker's second into one flat array whose buffer can be transferred; empty pods are left out. */
export function encodeSecond(counters: SecondCounters, gauges: WorkerGauges): Float64Array<ArrayBuffer> {
  const histograms = [counters.response, counters.service, counters.lateness, counters.cutOff];
  let length = HEADER + OUTCOMES.length;
  for (const histogram of histograms) length += histogram.encodedLength();
  length += counters.endings.encodedLength + counters.addresses.encodedLength + counters.pods.encodedBound();
  const out = new Float64Array(length);
  out.set([
    ...SECOND_COUNTERS.map((counter) => counters[counter]),
    gauges.inFlight,
    gauges.users,
    gauges.openConnections,
    gauges.utilisation,
    gauges.loopDelayP99Ms,
    gauges.longestPauseMs,
    counters.pods.used,
  ]);
  let at = HEADER;
  out.set(counters.outcomes, at);
  at += OUTCOMES.length;
  for (const histogram of histograms) at = histogram.encode(out, at);
  at = counters.endings.encode(out, at);
  at = counters.addresses.encode(out, at);
  counters.pods.encode(out, at);
  return out;
}

/** The sum of what all workers counted in one second. */
export class MergedSecond {
  readonly counts = noCounts();
  inFlight = 0;
  users: number | null = null;
  openConnections = 0;
  /** Of the busiest worker. */
  utilisation = 0;
  loopDelayP99Ms = 0;
  longestPauseMs = 0;
  readonly outcomes = new Uint32Array(OUTCOMES.length);
  readonly endings = new EndingSums();
  /** Answered and unanswered in turn, by address of the target. */
  addresses: Float64Array = new Float64Array(0);
  readonly response = new Histogram();
  readonly service = new Histogram();
  readonly lateness = new Histogram();
  readonly cutOff = new Histogram();
  readonly pods = new Map<string, PodSecond>();
  readonly faults = new Map<string, number>();

  /** Adds what `encodeSecond` made; `names` are that worker's pods by index. */
  add(from: Float64Array, names: readonly string[], faults: readonly (readonly [string, number])[]): void {
    let at = 0;
    for (const counter of SECOND_COUNTERS) this.counts[counter] += from[at++]!;
    this.inFlight += from[at++]!;
    const users = from[at++]!;
    if (users >= 0) this.users = (this.users ?? 0) + users;
    this.openConnections += from[at++]!;
    this.utilisation = Math.max(this.utilisation, from[at++]!);
    this.loopDelayP99Ms = Math.max(this.loopDelayP99Ms, from[at++]!);
    this.longestPauseMs = Math.max(this.longestPauseMs, from[at++]!);
    const pods = from[at++]!;
    at = addOutcomes(this.outcomes, from, at);
    at = this.response.addEncoded(from, at);
    at = this.service.addEncoded(from, at);
    at = this.lateness.addEncoded(from, at);
    at = this.cutOff.addEncoded(from, at);
    at = this.endings.addEncoded(from, at);
    at = this.#addAddresses(from, at);
    for (let left = pods; left > 0; left--) {
      const pod = this.#pod(names[from[at]!]!);
      pod.decisions += from[at + 1]!;
      pod.serviceMicroseconds += from[at + 2]!;
      at = pod.response.addEncoded(from, addOutcomes(pod.outcomes, from, at + 3));
    }
    for (const [code, count] of faults) this.faults.set(code, (this.faults.get(code) ?? 0) + count);
  }

  /** All outcomes together. */
  get completed(): number {
    return this.outcomes.reduce((sum, count) => sum + count, 0);
  }

  #addAddresses(from: Float64Array, at: number): number {
    const length = from[at]!;
    if (this.addresses.length === 0) this.addresses = new Float64Array(length);
    for (let i = 0; i < length; i++) this.addresses[i]! += from[at + 1 + i]!;
    return at + 1 + length;
  }

  #pod(name: string): PodSecond {
    let pod = this.pods.get(name);
    if (pod === undefined) {
      pod = {
        decisions: 0,
        outcomes: new Uint32Array(OUTCOMES.length),
        response: new Histogram(),
        serviceMicroseconds: 0,
      };
      this.pods.set(name, pod);
    }
    return pod;
  }
}

function addOutcomes(to: Uint32Array, from: Float64Array, at: number): number {
  for (let i = 0; i < OUTCOMES.length; i++) to[i]! += from[at + i]!;
  return at + OUTCOMES.length;
}
