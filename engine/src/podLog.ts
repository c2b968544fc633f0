import { OUTCOMES } from '@evenkeel/contract/outcomes';
import { Histogram } from '@evenkeel/core/histogram/histogram';

/** A histogram has no more buckets in use than this, so its encoding never is longer than twice that. */
const MAX_BUCKETS = 1600;
/** Numbers per pod in front of its histogram: index, decisions, service time, outcomes. */
const POD_HEADER = 3 + OUTCOMES.length;
const HISTOGRAM_HEADER = 4;

/**
 * What pods did in the current second, kept so that a response touches little memory however many pods there are:
 * sums by pod in flat columns, response times in one log in the order of arrival. The log is sorted by pod once, when the
 * second ends; then each pod's histogram is filled in the same small memory.
 */
export class PodLog {
  #decisions = new Uint32Array(16);
  #service = new Float64Array(16);
  #outcomes = new Uint32Array(16 * OUTCOMES.length);
  #responses = new Uint32Array(16);
  /** Pods with an index below this one may have been counted. */
  #pods = 0;
  #logPods = new Uint16Array(1024);
  #logMicroseconds = new Int32Array(1024);
  #length = 0;
  #sorted = new Int32Array(1024);
  readonly #scratch = new Histogram();

  /** Counts a routing decision for a pod. */
  decide(pod: number): void {
    if (pod >= this.#pods) this.#include(pod);
    this.#decisions[pod]!++;
  }

  /** Counts a response of a pod; times in microseconds. */
  respond(pod: number, outcome: number, response: number, service: number): void {
    if (pod >= this.#pods) this.#include(pod);
    this.#outcomes[pod * OUTCOMES.length + outcome]!++;
    this.#service[pod]! += service;
    this.#responses[pod]!++;
    if (this.#length === this.#logPods.length) this.#lengthen();
    this.#logPods[this.#length] = pod;
    this.#logMicroseconds[this.#length++] = Math.min(response, 2 ** 31 - 1);
  }

  /** Pods that were counted in this second. */
  get used(): number {
    let used = 0;
    for (let pod = 0; pod < this.#pods; pod++) if (this.#isUsed(pod)) used++;
    return used;
  }

  /** At least as many numbers as `encode` writes. */
  encodedBound(): number {
    let bound = 0;
    for (let pod = 0; pod < this.#pods; pod++) {
      if (this.#isUsed(pod)) bound += POD_HEADER + HISTOGRAM_HEADER + 2 * Math.min(MAX_BUCKETS, this.#responses[pod]!);
    }
    return bound;
  }

  /** Writes every used pod into `out` from `offset`: index, decisions, service time, outcomes, histogram. Returns the offset behind. */
  encode(out: Float64Array, offset: number): number {
    this.#sort();
    let at = offset;
    let from = 0;
    for (let pod = 0; pod < this.#pods; pod++) {
      if (!this.#isUsed(pod)) continue;
      out[at] = pod;
      out[at + 1] = this.#decisions[pod]!;
      out[at + 2] = this.#service[pod]!;
      for (let i = 0; i < OUTCOMES.length; i++) out[at + 3 + i] = this.#outcomes[pod * OUTCOMES.length + i]!;
      const to = from + this.#responses[pod]!;
      for (; from < to; from++) this.#scratch.record(this.#sorted[from]!);
      at = this.#scratch.encode(out, at + POD_HEADER);
      this.#scratch.reset();
    }
    return at;
  }

  reset(): void {
    this.#decisions.fill(0, 0, this.#pods);
    this.#service.fill(0, 0, this.#pods);
    this.#responses.fill(0, 0, this.#pods);
    this.#outcomes.fill(0, 0, this.#pods * OUTCOMES.length);
    this.#pods = 0;
    this.#length = 0;
  }

  #isUsed(pod: number): boolean {
    return this.#responses[pod] !== 0 || this.#decisions[pod] !== 0;
  }

  /** Counting sort of the log by pod. */
  #sort(): void {
    if (this.#sorted.length < this.#length) this.#sorted = new Int32Array(this.#logPods.length);
    const next = new Uint32Array(this.#pods);
    for (let pod = 1; pod < this.#pods; pod++) next[pod] = next[pod - 1]! + this.#responses[pod - 1]!;
    for (let i = 0; i < this.#length; i++) this.#sorted[next[this.#logPods[i]!]!++] = this.#logMicroseconds[i]!;
  }

  #include(pod: number): void {
    this.#pods = pod + 1;
    if (pod < this.#decisions.length) return;
    const capacity = 2 ** Math.ceil(Math.log2(pod + 1));
    this.#decisions = enlarged(this.#decisions, new Uint32Array(capacity));
    this.#service = enlarged(this.#service, new Float64Array(capacity));
    this.#responses = enlarged(this.#responses, new Uint32Array(capacity));
    this.#outcomes = enlarged(this.#outcomes, new Uint32Array(capacity * OUTCOMES.length));
  }

  #lengthen(): void {
    this.#logPods = enlarged(this.#logPods, new Uint16Array(this.#length * 2));
    this.#logMicroseconds = enlarged(this.#logMicroseconds, new Int32Array(this.#length * 2));
  }
}

function enlarged<T extends Uint16Array | Uint32Array | Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
