import type { GeneratorState } from '@evenkeel/contract/generator';
import { OUTCOMES } from '@evenkeel/contract/outcome';
import type { Phase } from '@evenkeel/contract/sample';
import { Histogram } from '../../histogram/histogram.ts';
import { Random } from '../../random/random.ts';
import { ArrivalSchedule } from '../../schedule/arrivalSchedule.ts';
import type { LoadEngine, LoadHandle, LoadPlan, LoadSecond, PodSecond } from '../loadEngine.ts';
import { noCounts } from '../secondCounts.ts';

export interface QueueTarget {
  readonly pods: number;
  /** Requests that one pod works on at the same time; the others wait in line. */
  readonly serversPerPod: number;
  /** Time that one request takes once it is its turn, in milliseconds. */
  readonly serviceMs: number;
  /** Exponential service times of that mean instead of constant ones. */
  readonly random?: Random;
  /** Share of requests that fail at a rate. */
  readonly errorShare?: (rate: number) => number;
  /** Rate above which the generator itself is at its limit. */
  readonly generatorLimit?: number;
  /** Share of all requests that the first pod gets; an even share when not given. */
  readonly firstPodShare?: number;
}

const OK = OUTCOMES.indexOf('ok');
const HTTP_5XX = OUTCOMES.indexOf('http-5xx');
const TIMEOUT = OUTCOMES.indexOf('timeout');

/**
 * A load engine whose target is a queue with exactly known capacity (pods x servers / service time), played in virtual time: each
 * request is computed, none is sent, and a step of ten seconds takes milliseconds. For tests of what is above the engine.
 */
export class QueueTargetEngine implements LoadEngine {
  readonly plans: LoadPlan[] = [];
  readonly #target: QueueTarget;

  constructor(target: QueueTarget) {
    this.#target = target;
  }

  /** Requests per second that the target can answer. */
  get capacity(): number {
    const { pods, serversPerPod, serviceMs } = this.#target;
    return (pods * serversPerPod * 1000) / serviceMs;
  }

  async start(plan: LoadPlan): Promise<LoadHandle> {
    this.plans.push(plan);
    const onSecond: ((second: LoadSecond) => void)[] = [];
    const onPhase: ((phase: Phase, second: number) => void)[] = [];
    let over = false;
    const play = async () => {
      await new Promise(setImmediate);
      let phase: Phase | null = null;
      for (const second of simulate(plan, this.#target)) {
        if (over) break;
        if (second.phase !== phase) for (const listener of onPhase) listener(second.phase, second.second);
        phase = second.phase;
        for (const listener of onSecond) listener(second);
      }
      return { spread: { connections: 0, pinned: 0, reused: 0, designEffect: 1 }, failure: null };
    };
    const end = () => {
      over = true;
    };
    return {
      onSecond: (listener) => onSecond.push(listener),
      onPhase: (listener) => onPhase.push(listener),
      acceptPods: () => {},
      stop: end,
      abort: end,
      ended: play(),
    };
  }
}

type Counting = { -readonly [K in keyof LoadSecond]: LoadSecond[K] };

function simulate({ scenario }: LoadPlan, target: QueueTarget): LoadSecond[] {
  if (scenario.load.model !== 'rate') throw new Error('this target knows the rate model only');
  const schedule = new ArrivalSchedule(scenario.load.stages);
  const rate = schedule.rateAt(0);
  const end = schedule.durationSeconds;
  const last = end + scenario.drainSeconds;
  const seconds = Array.from({ length: Math.ceil(last) }, (_, i) =>
    emptySecond(i, i < scenario.warmupSeconds ? 'warming' : i < end ? 'measuring' : 'draining', target, rate)
  );
  const free = Array.from({ length: target.pods }, () => new Float64Array(target.serversPerPod));
  const timeout = scenario.request.timeoutMs / 1000;
  /** When the requests in flight end, ascending. */
  const inFlight: number[] = [];
  const failing = target.errorShare?.(rate) ?? 0;
  const choose = new Random(7);
  for (let n = 0; n < schedule.total; n++) {
    const at = schedule.timeOf(n);
    const now = seconds[Math.floor(at)]!;
    now.offered++;
    while (inFlight.length > 0 && inFlight[0]! <= at) inFlight.shift();
    if (inFlight.length >= scenario.connections.count) {
      now.dropped++;
      continue;
    }
    now.sent++;
    const pod = podOf(n, target, choose);
    const servers = free[pod]!;
    let server = 0;
    for (let i = 1; i < servers.length; i++) if (servers[i]! < servers[server]!) server = i;
    const service = (target.serviceMs / 1000) * (target.random?.exponential() ?? 1);
    const answered = Math.max(at, servers[server]!) + service;
    servers[server] = answered;
    const done = Math.min(answered, at + timeout);
    let place = inFlight.length;
    while (place > 0 && inFlight[place - 1]! > done) place--;
    inFlight.splice(place, 0, done);
    if (done >= last) {
      (seconds.at(-1) as Counting).cancelled++;
      continue;
    }
    const failed = Math.floor((n + 1) * failing) > Math.floor(n * failing);
    complete(seconds[Math.floor(done)]!, `pod-${pod}`, {
      outcome: done < answered ? TIMEOUT : failed ? HTTP_5XX : OK,
      response: (done - at) * 1e6,
      service: service * 1e6,
    });
  }
  let flying = 0;
  for (const second of seconds) {
    flying += second.sent - second.completed;
    second.inFlight = flying;
  }
  const closing = seconds.findLastIndex((second) => second.completed > 0 || second.phase !== 'draining');
  return seconds.slice(0, closing + 1);
}

function podOf(n: number, { pods, firstPodShare }: QueueTarget, choose: Random): number {
  if (firstPodShare === undefined) return n % pods;
  return choose.next() < firstPodShare ? 0 : 1 + choose.below(pods - 1);
}

function complete(
  second: Counting,
  name: string,
  { outcome, response, service }: { outcome: number; response: number; service: number }
): void {
  const pod = second.pods.get(name)!;
  pod.decisions++;
  pod.outcomes[outcome]!++;
  pod.response.record(response);
  pod.serviceMicroseconds += service;
  second.completed++;
  second.outcomes[outcome]!++;
  second.response.record(response);
  second.service.record(service);
}

function emptySecond(second: number, phase: Phase, { pods, generatorLimit }: QueueTarget, rate: number): Counting {
  const state: GeneratorState = rate > (generatorLimit ?? Number.POSITIVE_INFINITY) ? 'saturated' : 'ok';
  const emptyPod = (): PodSecond => ({
    decisions: 0,
    outcomes: new Uint32Array(OUTCOMES.length),
    response: new Histogram(),
    serviceMicroseconds: 0,
  });
  return {
    second,
    at: second * 1000,
    phase,
    ...noCounts(),
    completed: 0,
    inFlight: 0,
    users: null,
    outcomes: new Uint32Array(OUTCOMES.length),
    endings: [],
    seen: [],
    addresses: [],
    response: new Histogram(),
    service: new Histogram(),
    lateness: new Histogram(),
    cutOff: new Histogram(),
    pods: new Map(Array.from({ length: pods }, (_, i) => [`pod-${i}`, emptyPod()])),
    generator: {
      state,
      reasons: state === 'ok' ? [] : ['too much for one machine'],
      eventLoopUtilisation: state === 'ok' ? 0.2 : 1,
      eventLoopDelayP99Ms: 1,
      lateness: new Histogram().summary(),
      dropped: 0,
      cpuCores: 0.2,
      openConnections: 10,
    },
  };
}
