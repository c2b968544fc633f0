import type { LatencySummary } from '@evenkeel/contract/latency';

/** Linear sub-buckets per power of two: a bucket is at most 1/64 of its value wide, so its middle is off by under 0.79 %. */
const SUB_BUCKET_BITS = 6;
const SUB_BUCKETS = 1 << SUB_BUCKET_BITS;
/** Largest value that keeps its own bucket, in microseconds (about 18 minutes); larger ones are counted as this one. */
export const HISTOGRAM_MAX = 2 ** 30 - 1;
const BUCKETS = bucketOf(HISTOGRAM_MAX) + 1;

function bucketOf(value: number): number {
  if (value < SUB_BUCKETS) return value;
  const octave = 31 - SUB_BUCKET_BITS - Math.clz32(value);
  return octave * SUB_BUCKETS + (value >> octave);
}

function lowestOf(bucket: number): number {
  if (bucket < 2 * SUB_BUCKETS) return bucket;
  const octave = (bucket >> SUB_BUCKET_BITS) - 1;
  return (bucket - octave * SUB_BUCKETS) << octave;
}

/**
 * Log-linear histogram of whole microseconds. Buckets merge by addition, so percentiles over seconds, pods and workers
 * are exact to the bucket; `mean` and `max` are exact. The layout is HdrHistogram's with 6 bits of precision.
 */
export class Histogram {
  readonly #counts = new Uint32Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #max = 0;
  /** No bucket below this one is in use: what walks over buckets starts here. */
  #lowest = BUCKETS;

  get count(): number {
    return this.#count;
  }

  /** Sum of all values, in microseconds. */
  get sum(): number {
    return this.#sum;
  }

  /** Largest value, in microseconds; 0 when empty. */
  get max(): number {
    return this.#max;
  }

  /** Counts one value in microseconds. Fractions are cut off; negative values count as 0. */
  record(microseconds: number): void {
    const value = microseconds > HISTOGRAM_MAX ? HISTOGRAM_MAX : microseconds > 0 ? microseconds | 0 : 0;
    const bucket = bucketOf(value);
    this.#counts[bucket]!++;
    if (bucket < this.#lowest) this.#lowest = bucket;
    this.#count++;
    this.#sum += value;
    if (value > this.#max) this.#max = value;
  }

  /** Adds all counts of another histogram. */
  add(other: Histogram): void {
    if (other.#count === 0) return;
    const last = bucketOf(other.#max);
    for (let bucket = other.#lowest; bucket <= last; bucket++) this.#counts[bucket]! += other.#counts[bucket]!;
    if (other.#lowest < this.#lowest) this.#lowest = other.#lowest;
    this.#count += other.#count;
    this.#sum += other.#sum;
    if (other.#max > this.#max) this.#max = other.#max;
  }

  /** Takes away the counts of another histogram, whose values are all in this one as well. `max` stays until nothing is left. */
  subtract(other: Histogram): void {
    if (other.#count === 0) return;
    const last = bucketOf(other.#max);
    for (let bucket = other.#lowest; bucket <= last; bucket++) this.#counts[bucket]! -= other.#counts[bucket]!;
    this.#count -= other.#count;
    this.#sum -= other.#sum;
    if (this.#count === 0) {
      this.#lowest = BUCKETS;
      this.#max = 0;
    }
  }

  reset(): void {
    if (this.#count === 0) return;
    this.#counts.fill(0, this.#lowest, bucketOf(this.#max) + 1);
    this.#lowest = BUCKETS;
    this.#count = 0;
    this.#sum = 0;
    this.#max = 0;
  }

  /** Value at quantile `q` (0 to 1) in microseconds: the middle of its bucket, never above the maximum; null when empty. */
  quantile(q: number): number | null {
    if (this.#count === 0) return null;
    const rank = Math.max(1, Math.ceil(q * this.#count));
    let seen = 0;
    for (let bucket = this.#lowest; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket]!;
      if (seen >= rank) return Math.min(this.#max, (lowestOf(bucket) + lowestOf(bucket + 1) - 1) / 2);
    }
    return this.#max;
  }

  /** How many values were at most `microseconds`, to the precision of a bucket. */
  countAtMost(microseconds: number): number {
    if (microseconds < 0) return 0;
    const last = Math.min(BUCKETS - 1, bucketOf(Math.min(HISTOGRAM_MAX, Math.floor(microseconds))));
    let seen = 0;
    for (let bucket = this.#lowest; bucket <= last; bucket++) seen += this.#counts[bucket]!;
    return seen;
  }

  /** The figures that people read, in milliseconds. */
  summary(): LatencySummary {
    const at = (q: number) => {
      const value = this.quantile(q);
      return value === null ? null : value / 1000;
    };
    const empty = this.#count === 0;
    return {
      count: this.#count,
      mean: empty ? null : this.#sum / this.#count / 1000,
      p50: at(0.5),
      p90: at(0.9),
      p95: at(0.95),
      p99: at(0.99),
      p999: at(0.999),
      max: empty ? null : this.#max / 1000,
    };
  }

  /** Numbers that `encode` appends: a header of four and two for every bucket in use. */
  encodedLength(): number {
    let used = 0;
    if (this.#count > 0) for (let b = bucketOf(this.#max); b >= this.#lowest; b--) if (this.#counts[b] !== 0) used++;
    return 4 + 2 * used;
  }

  /** Writes the histogram sparsely into `out` from `offset` and returns the offset behind it. */
  encode(out: Float64Array, offset: number): number {
    let at = offset + 4;
    let used = 0;
    if (this.#count > 0) {
      const last = bucketOf(this.#max);
      for (let bucket = this.#lowest; bucket <= last; bucket++) {
        const count = this.#counts[bucket]!;
        if (count === 0) continue;
        out[at++] = bucket;
        out[at++] = count;
        used++;
      }
    }
    out[offset] = used;
    out[offset + 1] = this.#count;
    out[offset + 2] = this.#sum;
    out[offset + 3] = this.#max;
    return at;
  }

  /** Adds what `encode` wrote at `offset` of `from` and returns the offset behind it. */
  addEncoded(from: Float64Array, offset: number): number {
    const used = from[offset]!;
    let at = offset + 4;
    // Buckets come in rising order.
    if (used > 0 && from[at]! < this.#lowest) this.#lowest = from[at]!;
    for (let i = 0; i < used; i++) {
      this.#counts[from[at++]!]! += from[at++]!;
    }
    this.#count += from[offset + 1]!;
    this.#sum += from[offset + 2]!;
    if (from[offset + 3]! > this.#max) this.#max = from[offset + 3]!;
    return at;
  }
}
