import type { GeneratorHealth } from '@evenkeel/contract/generator';
import { OUTCOMES, type Outcome } from '@evenkeel/contract/outcome';
import type { Phase } from '@evenkeel/contract/sample';
import { Histogram } from '../../histogram/histogram.ts';
import type { ConnectionSpread, LoadEngine, LoadHandle, LoadPlan, LoadSecond, PodSecond } from '../loadEngine.ts';
import { noCounts } from '../secondCounts.ts';

/** One second of a scripted load: what each pod got, and what was different from a plain good second. */
export interface ScriptedSecond {
  readonly phase?: Phase;
  /** Requests and service time per pod, in milliseconds each; all ok unless `errors` says otherwise. */
  readonly pods?: Readonly<Record<string, { requests: number; ms?: number; errors?: number }>>;
  readonly outcomes?: Partial<Record<Outcome, number>>;
  readonly unattributed?: number;
  readonly dropped?: number;
  readonly cancelled?: number;
  readonly offered?: number;
  readonly health?: Partial<GeneratorHealth>;
  readonly endings?: LoadSecond['endings'];
  readonly seen?: LoadSecond['seen'];
  readonly addresses?: LoadSecond['addresses'];
  /** Ages in milliseconds of the requests that were cut off; they are counted as cancelled. */
  readonly cutOffMs?: readonly number[];
}

/**
 * A load engine that sends nothing and reports what a script says: for tests of everything above the engine.
 * Seconds are handed out one per turn of the event loop, or when `release` is called if the script is held.
 */
export class ScriptedLoadEngine implements LoadEngine {
  readonly plans: LoadPlan[] = [];
  readonly accepted: string[] = [];
  stops = 0;
  aborts = 0;
  readonly #seconds: readonly ScriptedSecond[];
  readonly #spread: ConnectionSpread;
  readonly #failure: string | null;
  readonly #refuse: string | null;
  readonly #held: boolean;
  #release: () => void = () => {};

  constructor(
    seconds: readonly ScriptedSecond[],
    options: { spread?: ConnectionSpread; failure?: string; refuse?: string; held?: boolean } = {}
  ) {
    this.#seconds = seconds;
    this.#spread = options.spread ?? { connections: 0, pinned: 0, reused: 0, designEffect: 1 };
    this.#failure = options.failure ?? null;
    this.#refuse = options.refuse ?? null;
    this.#held = options.held ?? false;
  }

  /** Lets one more second of a held script pass. */
  release(): void {
    this.#release();
  }

  async start(plan: LoadPlan): Promise<LoadHandle> {
    this.plans.push(plan);
    if (this.#refuse !== null) throw new Error(this.#refuse);
    const secondListeners: ((second: LoadSecond) => void)[] = [];
    const phaseListeners: ((phase: Phase, second: number) => void)[] = [];
    let stopped = false;
    const play = async () => {
      let phase: Phase | null = null;
      for (const [second, script] of this.#seconds.entries()) {
        await (this.#held ? new Promise<void>((resolve) => (this.#release = resolve)) : new Promise(setImmediate));
        if (stopped) break;
        const now = script.phase ?? 'measuring';
        if (now !== phase) for (const listener of phaseListeners) listener(now, second);
        phase = now;
        for (const listener of secondListeners) listener(loadSecond(second, script));
      }
      return { spread: this.#spread, failure: this.#failure };
    };
    return {
      onSecond: (listener) => secondListeners.push(listener),
      onPhase: (listener) => phaseListeners.push(listener),
      acceptPods: (pods) => this.accepted.push(...pods.map(({ pod }) => pod)),
      stop: () => {
        this.stops++;
        stopped = true;
        this.#release();
      },
      abort: () => {
        this.aborts++;
        stopped = true;
        this.#release();
      },
      ended: play(),
    };
  }
}

const START = Date.UTC(2026, 0, 1);

function loadSecond(second: number, script: ScriptedSecond): LoadSecond {
  const outcomes = new Uint32Array(OUTCOMES.length);
  const response = new Histogram();
  const service = new Histogram();
  const pods = new Map<string, PodSecond>();
  for (const [pod, { requests, ms = 1, errors = 0 }] of Object.entries(script.pods ?? {})) {
    const counts = new Uint32Array(OUTCOMES.length);
    counts[OUTCOMES.indexOf('ok')] = requests - errors;
    counts[OUTCOMES.indexOf('http-5xx')] = errors;
    const times = new Histogram();
    for (let i = 0; i < requests; i++) times.record(ms * 1000);
    pods.set(pod, {
      decisions: requests,
      outcomes: counts,
      response: times,
      serviceMicroseconds: requests * ms * 1000,
    });
    response.add(times);
    service.add(times);
    for (let i = 0; i < OUTCOMES.length; i++) outcomes[i]! += counts[i]!;
  }
  for (const [outcome, count] of Object.entries(script.outcomes ?? {})) {
    outcomes[OUTCOMES.indexOf(outcome as Outcome)]! += count;
  }
  const cutOff = new Histogram();
  for (const ms of script.cutOffMs ?? []) {
    cutOff.record(ms * 1000);
    response.record(ms * 1000);
    service.record(ms * 1000);
  }
  const completed = outcomes.reduce((sum, n) => sum + n, 0);
  const offered = script.offered ?? (script.phase === 'draining' ? 0 : completed + (script.dropped ?? 0));
  return {
    second,
    at: START + second * 1000,
    phase: script.phase ?? 'measuring',
    ...noCounts(),
    offered,
    sent: offered - (script.dropped ?? 0),
    completed,
    dropped: script.dropped ?? 0,
    cancelled: script.cancelled ?? script.cutOffMs?.length ?? 0,
    inFlight: 0,
    users: null,
    outcomes,
    endings: script.endings ?? [],
    seen: script.seen ?? [],
    addresses: script.addresses ?? [],
    response,
    service,
    lateness: new Histogram(),
    cutOff,
    pods,
    unattributed: script.unattributed ?? 0,
    generator: {
      state: 'ok',
      reasons: [],
      eventLoopUtilisation: 0.1,
      eventLoopDelayP99Ms: 1,
      lateness: new Histogram().summary(),
      dropped: script.dropped ?? 0,
      cpuCores: 0.1,
      openConnections: 10,
      ...script.health,
    },
  };
}
