import type { GeneratorHealth } from '@evenkeel/contract/generator';
import { OUTCOMES } from '@evenkeel/contract/outcome';
import { profileSeconds } from '@evenkeel/contract/profileSeconds';
import type { Phase } from '@evenkeel/contract/sample';
import { Histogram } from '../../histogram/histogram.ts';
import type {
  ConnectionSpread,
  LoadEnd,
  LoadEngine,
  LoadHandle,
  LoadPlan,
  LoadSecond,
  PodSecond,
} from '../loadEngine.ts';
import { noCounts } from '../secondCounts.ts';

export interface FakeLoadOptions {
  /** Requests that every pod answers in a second. */
  readonly perPod?: number;
  /** Milliseconds that one second of the load takes; 0 plays seconds only when `play` is called. */
  readonly tickMs?: number;
  /** Message with which `start` rejects. */
  readonly refuse?: string;
  /** Response time of the pod at this index, in microseconds. */
  readonly latencyOf?: (podIndex: number, second: number) => number;
}

const HEALTHY: Omit<GeneratorHealth, 'lateness'> = {
  state: 'ok',
  reasons: [],
  eventLoopUtilisation: 0.1,
  eventLoopDelayP99Ms: 0.2,
  dropped: 0,
  cpuCores: 0.1,
  openConnections: 4,
};
const SPREAD: ConnectionSpread = { connections: 4, pinned: 0, reused: 4, designEffect: 1 };

/** A load engine without a network: an even load on every pod of the plan, second by second. */
export class FakeLoadEngine implements LoadEngine {
  readonly handles: FakeLoadHandle[] = [];
  readonly #options: FakeLoadOptions;

  constructor(options: FakeLoadOptions = {}) {
    this.#options = options;
  }

  async start(plan: LoadPlan): Promise<LoadHandle> {
    if (this.#options.refuse !== undefined) throw new Error(this.#options.refuse);
    const handle = new FakeLoadHandle(plan, this.#options);
    this.handles.push(handle);
    return handle;
  }
}

export class FakeLoadHandle implements LoadHandle {
  readonly plan: LoadPlan;
  readonly ended: Promise<LoadEnd>;
  readonly #options: FakeLoadOptions;
  readonly #seconds: number;
  readonly #timer: NodeJS.Timeout | undefined;
  #pods: string[];
  #settle: (end: LoadEnd) => void = () => {};
  #onSecond: (second: LoadSecond) => void = () => {};
  #onPhase: (phase: Phase, second: number) => void = () => {};
  #second = 0;
  #phase: Phase | null = null;
  #stopping = false;
  #over = false;

  constructor(plan: LoadPlan, options: FakeLoadOptions) {
    this.plan = plan;
    this.#options = options;
    this.#pods = plan.pods.map(({ pod }) => pod);
    this.#seconds = Math.ceil(profileSeconds(plan.scenario.load));
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
    const tickMs = options.tickMs ?? 0;
    if (tickMs > 0) this.#timer = setInterval(() => this.play(1), tickMs);
  }

  onSecond(listener: (second: LoadSecond) => void): void {
    this.#onSecond = listener;
  }

  onPhase(listener: (phase: Phase, second: number) => void): void {
    this.#onPhase = listener;
  }

  acceptPods(pods: LoadPlan['pods']): void {
    this.#pods = [...new Set([...this.#pods, ...pods.map(({ pod }) => pod)])];
  }

  stop(): void {
    this.#stopping = true;
  }

  abort(): void {
    this.#end();
  }

  /** Plays this many seconds at once; the load ends one draining second after its profile. */
  play(seconds: number): void {
    for (let i = 0; i < seconds && !this.#over; i++) {
      const phase = this.beginPhase();
      this.#onSecond(this.#count(phase));
      this.#second++;
      if (phase === 'draining') this.#end();
    }
  }

  /** Tells the phase of the coming second, if it is another one, without playing the second. */
  beginPhase(): Phase {
    const draining = this.#stopping || this.#second >= this.#seconds;
    const warming = this.#second < this.plan.scenario.warmupSeconds;
    const phase: Phase = draining ? 'draining' : warming ? 'warming' : 'measuring';
    if (phase !== this.#phase) {
      this.#phase = phase;
      this.#onPhase(phase, this.#second);
    }
    return phase;
  }

  #count(phase: Phase): LoadSecond {
    const perPod = phase === 'draining' ? 0 : (this.#options.perPod ?? 100);
    const outcomes = new Uint32Array(OUTCOMES.length);
    const response = new Histogram();
    const pods = new Map<string, PodSecond>();
    this.#pods.forEach((pod, index) => {
      const latency = this.#options.latencyOf?.(index, this.#second) ?? 5000;
      const own = new Histogram();
      for (let i = 0; i < perPod; i++) own.record(latency);
      const counts = new Uint32Array(OUTCOMES.length);
      counts[0] = perPod;
      outcomes[0]! += perPod;
      response.add(own);
      if (perPod > 0) {
        pods.set(pod, { decisions: perPod, outcomes: counts, response: own, serviceMicroseconds: perPod * latency });
      }
    });
    const sent = outcomes[0]!;
    return {
      second: this.#second,
      at: 1_700_000_000_000 + this.#second * 1000,
      phase,
      ...noCounts(),
      offered: sent,
      sent,
      completed: sent,
      inFlight: 0,
      users: null,
      connectionsOpened: this.#second === 0 ? 4 : 0,
      outcomes,
      endings: sent > 0 ? [{ status: 200, failure: null, outcome: 'ok', count: sent }] : [],
      seen: [],
      addresses: [],
      response,
      service: response,
      lateness: new Histogram(),
      cutOff: new Histogram(),
      pods,
      generator: { ...HEALTHY, lateness: new Histogram().summary() },
    };
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#timer);
    this.#settle({ spread: SPREAD, failure: null });
  }
}
