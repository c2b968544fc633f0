import type { Policy } from '@evenkeel/core/policies/policy';
import { POLICIES } from '@evenkeel/core/policies/registry';
import { Random } from '@evenkeel/core/random/random';
import type { BalancerSettings, Routing, UpstreamCounts, UpstreamPod } from './balancerMessages.ts';
import { PassiveEjection } from './passiveEjection.ts';

/** Picks that may fall on a pod that was tried already, before any other one is taken. */
const REPICKS = 3;

interface Counts {
  decisions: number;
  attempts: number;
  failures: number;
  outstanding: number;
}

/** The pods of one balancer process with their policy, passive health and counts: decides, and keeps the books. */
export class PodTable {
  pods: readonly UpstreamPod[] = [];
  /** Requests for which no pod could be picked. */
  unrouted = 0;
  readonly #settings: BalancerSettings;
  readonly #random: Random;
  #policyName: string | null = null;
  #policy: Policy | null = null;
  #ejection: PassiveEjection;
  #counts: Counts[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(settings: BalancerSettings, stream: number) {
    this.#settings = settings;
    this.#random = new Random(settings.seed, stream);
    this.#ejection = new PassiveEjection(settings.ejection, 0);
  }

  /** Takes over pods, weights, readiness and policy. Requests in flight go on, and a new policy knows of them. */
  route(routing: Routing): void {
    const before = this.pods;
    if (routing.pods.length !== before.length) {
      this.#ejection = new PassiveEjection(this.#settings.ejection, routing.pods.length);
    }
    this.pods = routing.pods;
    while (this.#counts.length < routing.pods.length) {
      this.#counts.push({ decisions: 0, attempts: 0, failures: 0, outstanding: 0 });
    }
    if (routing.policy !== this.#policyName) {
      this.#policyName = routing.policy;
      this.#policy = POLICIES[routing.policy].create(this.#random);
      this.#refresh();
      const now = performance.now() * 1000;
      for (let pod = 0; pod < this.pods.length; pod++) {
        for (let n = this.#counts[pod]!.outstanding; n > 0; n--) this.#policy.started(pod, now);
      }
    }
    for (let pod = 0; pod < this.pods.length; pod++) {
      const old = before[pod];
      if (old !== undefined && (old.port !== this.pods[pod]!.port || (!old.ready && this.pods[pod]!.ready))) {
        this.#policy!.forget(pod);
        this.#ejection.reset(pod);
      }
    }
    this.#refresh();
  }

  /** The pod for a first attempt, or -1 when none can be picked. */
  pick(keyHash: number): number {
    const pod = this.#policy === null ? -1 : this.#policy.pick(keyHash, performance.now() * 1000);
    if (pod < 0) this.unrouted++;
    else this.#counts[pod]!.decisions++;
    return pod;
  }

  /** A pod for a further attempt that is not among `tried`, or -1. */
  pickOther(keyHash: number, tried: readonly number[]): number {
    const policy = this.#policy!;
    const now = performance.now() * 1000;
    for (let attempt = 1; attempt <= REPICKS; attempt++) {
      const pod = policy.pick(Math.imul(keyHash + attempt, 0x9e3779b1) >>> 0, now);
      if (pod < 0) return -1;
      if (!tried.includes(pod)) return pod;
    }
    const count = this.pods.length;
    const first = this.#random.below(count);
    for (let step = 0; step < count; step++) {
      const pod = (first + step) % count;
      if (this.#mayPick(pod) && !this.#ejection.isOut(pod) && !tried.includes(pod)) return pod;
    }
    return -1;
  }

  /** Returns the start time, which `finished` wants back. */
  started(pod: number): number {
    const now = performance.now();
    const counts = this.#counts[pod]!;
    counts.attempts++;
    counts.outstanding++;
    this.#policy!.started(pod, now * 1000);
    if (this.#ejection.picked(pod, now)) this.#refresh();
    return now;
  }

  /**
   * Ends what `started` began. `ok` is the pod's health: false for a failure, null when it says nothing about the pod, as
   * when the client went away. `good` is whether the policy may take the time for the time of good work.
   */
  finished(pod: number, startedAt: number, ok: boolean | null, good = ok === true): void {
    const now = performance.now();
    const counts = this.#counts[pod]!;
    counts.outstanding--;
    this.#policy!.finished(pod, now * 1000, (now - startedAt) * 1000, good);
    if (ok === null) return;
    if (!ok) counts.failures++;
    if (ok ? this.#ejection.succeeded(pod, startedAt) : this.#ejection.failed(pod, now)) this.#refresh();
  }

  counts(): UpstreamCounts[] {
    return this.pods.map(({ pod }, index) => ({ pod, ...this.#counts[index]!, ejected: this.#ejection.isOut(index) }));
  }

  #mayPick(pod: number): boolean {
    const { ready, port, weight } = this.pods[pod]!;
    return ready && port !== 0 && weight > 0;
  }

  /** Tells the policy who may be picked. When every ready pod is ejected, ejection is ignored: something beats nothing. */
  #refresh(): void {
    const ready = this.pods.map((_, pod) => this.#mayPick(pod));
    const healthy = ready.map((may, pod) => may && !this.#ejection.isOut(pod));
    this.#policy!.setPods(
      this.pods.map(({ weight }) => weight),
      healthy.includes(true) ? healthy : ready
    );
    if (this.#timer === undefined && ready.some((_, pod) => this.#ejection.isOut(pod))) this.#look();
  }

  /** Looks a few times a second whether an ejected pod's time is over, for as long as there is one. */
  #look(): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#ejection.advance(performance.now());
      this.#refresh();
    }, 100);
    this.#timer.unref();
  }
}
