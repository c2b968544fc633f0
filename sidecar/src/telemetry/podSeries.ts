import { OUTCOMES } from '@evenkeel/contract/outcome';
import { Histogram } from '@evenkeel/core/histogram/histogram';
import { labelText } from './exposition.ts';

/** Upper bounds of the exported latency buckets, in seconds. */
export const BUCKET_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** What is exported about the traffic that one pod got; counts only ever grow. */
export class PodSeries {
  readonly name: string;
  readonly labels: string;
  readonly outcomeLabels: readonly string[];
  readonly bucketLabels: readonly string[];
  readonly outcomes = new Float64Array(OUTCOMES.length);
  /** Requests at or below each bound, in the order of `BUCKET_BOUNDS`. */
  readonly buckets = new Float64Array(BUCKET_BOUNDS.length);
  count = 0;
  sumSeconds = 0;
  /** When it last answered, milliseconds since the Unix epoch. */
  seenAt: number;
  /** Counted since the buckets were last brought up to date. */
  readonly #pending = new Histogram();

  constructor(target: string, pod: string, now: number) {
    this.name = pod;
    this.labels = labelText({ target, pod });
    this.outcomeLabels = OUTCOMES.map((outcome) => `${this.labels},outcome="${outcome}"`);
    this.bucketLabels = [...BUCKET_BOUNDS.map(String), '+Inf'].map((bound) => `${this.labels},le="${bound}"`);
    this.seenAt = now;
  }

  add(outcomes: ArrayLike<number>, response: Histogram, now: number): void {
    for (let i = 0; i < this.outcomes.length; i++) this.outcomes[i]! += outcomes[i]!;
    this.#pending.add(response);
    this.seenAt = now;
  }

  /** Moves what was counted since the last scrape into the buckets: a pod without traffic costs a scrape nothing. */
  settle(): void {
    const pending = this.#pending;
    if (pending.count === 0) return;
    BUCKET_BOUNDS.forEach((bound, i) => {
      this.buckets[i]! += pending.countAtMost(bound * 1e6);
    });
    this.count += pending.count;
    this.sumSeconds += pending.sum / 1e6;
    pending.reset();
  }
}
