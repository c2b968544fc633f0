import type { BalanceScore } from '@evenkeel/contract/balance';
import { MAX_PODS } from '@evenkeel/contract/limits';
import { OUTCOMES } from '@evenkeel/contract/outcome';
import type { Run } from '@evenkeel/contract/run';
import type { Sample } from '@evenkeel/contract/sample';
import type { PodStatus } from '@evenkeel/contract/target';
import { Histogram } from '@evenkeel/core/histogram/histogram';
import type { LoadSecond } from '@evenkeel/core/run/loadEngine';
import { EndingSeries } from './endingSeries.ts';
import { labelText } from './exposition.ts';
import { PodSeries } from './podSeries.ts';

/** Pod label of requests that no pod answered: refused, timed out, or answered by the balancer itself. */
export const NO_POD = 'none';
/** Pod label of everything beyond the first thousand pods. */
export const OTHER_PODS = 'other';
/** A pod that only its answers are known by is forgotten this long after the last one. */
const FORGET_AFTER_MS = 300_000;
/** The last balance stays readable this long after a run's end, so that a short run is scraped at least once. */
const BALANCE_AFTER_MS = 60_000;

/** Everything exported about one target. */
export class TargetSeries {
  readonly target: string;
  readonly labels: string;
  readonly pods = new Map<string, PodSeries>();
  unattributed = 0;
  dropped = 0;
  resent = 0;
  readonly endings: EndingSeries;
  run: Run | null = null;
  /** Milliseconds since the Unix epoch; null when it was never loaded. */
  progressAt: number | null = null;
  #balance: BalanceScore | null = null;
  #balanceUntil = Number.POSITIVE_INFINITY;
  generator: Sample['generator'] | null = null;

  constructor(target: string) {
    this.target = target;
    this.labels = labelText({ target });
    this.endings = new EndingSeries(target);
  }

  started(run: Run, now: number): void {
    this.run = run;
    this.progressAt = now;
    this.#balance = null;
  }

  second(second: LoadSecond, now: number): void {
    this.progressAt = now;
    this.unattributed += second.unattributed;
    this.dropped += second.dropped;
    this.resent += second.resent;
    this.endings.add(second);
    const outcomes = Float64Array.from(second.outcomes);
    const response = new Histogram();
    response.add(second.response);
    for (const [name, pod] of second.pods) {
      this.#pod(name, now).add(pod.outcomes, pod.response, now);
      for (let i = 0; i < OUTCOMES.length; i++) outcomes[i]! -= pod.outcomes[i]!;
      response.subtract(pod.response);
    }
    this.#pod(NO_POD, now).add(outcomes, response, now);
  }

  /** Counts listed pods from zero, so that the first answer of each is an increase. */
  expect(listed: readonly PodStatus[], now: number): void {
    this.#pod(NO_POD, now);
    for (const { pod } of listed) this.#pod(pod, now);
  }

  sample(sample: Sample): void {
    if (sample.phase !== 'warming') {
      this.#balance = sample.balance;
      this.#balanceUntil = Number.POSITIVE_INFINITY;
    }
    this.generator = sample.generator;
  }

  ended(balance: BalanceScore | null, now: number): void {
    this.run = null;
    this.generator = null;
    if (balance) this.#balance = balance;
    this.#balanceUntil = now + BALANCE_AFTER_MS;
  }

  balance(now: number): BalanceScore | null {
    return now < this.#balanceUntil ? this.#balance : null;
  }

  /** Forgets pods that are gone: not listed any more, or, where the list is not complete, long silent. */
  forget(listed: readonly PodStatus[], complete: boolean, now: number): void {
    const present = new Set(listed.map(({ pod }) => pod));
    for (const [name, series] of this.pods) {
      if (name === NO_POD || name === OTHER_PODS || present.has(name)) continue;
      if (complete || now - series.seenAt > FORGET_AFTER_MS) this.pods.delete(name);
    }
  }

  #pod(name: string, now: number): PodSeries {
    const known = this.pods.get(name);
    if (known) return known;
    const label = this.pods.size < MAX_PODS || name === NO_POD ? name : OTHER_PODS;
    const existing = this.pods.get(label);
    if (existing) return existing;
    const series = new PodSeries(this.target, label, now);
    this.pods.set(label, series);
    return series;
  }
}
