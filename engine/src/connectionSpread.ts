import type { ConnectionSpread } from '@evenkeel/core/run/loadEngine';

/**
 * How many responses each pod gave over one TCP connection; only while it is open.
 * A connection that carries a single request needs none of its memory.
 */
export class ConnectionTally {
  n = 0;
  /** The first pod, and whether all others were the same. */
  first = 0;
  pinned = true;
  counts: Uint32Array | null = null;
}

/**
 * Spread of requests over connections, in memory that does not grow with their number. With x_ci the responses of pod i
 * over connection c, n_c their sum over pods and p_i the observed share, the between-connection sum
 *
 *   Σ_c Σ_i (x_ci − n_c p_i)² / p_i  =  Σ_i (Σ_c x_ci²) / p_i − Σ_c n_c²
 *
 * because Σ_i p_i = 1 and Σ_i x_ci = n_c. So two kinds of running sums suffice, and each grows by 2x + 1 as x does by 1.
 */
export class SpreadSums {
  connections = 0;
  pinned = 0;
  reused = 0;
  /** Attributed responses, and Σ_c n_c². */
  n = 0;
  squaredSizes = 0;
  /** Per pod: responses, and Σ_c x_ci². */
  readonly totals: number[] = [];
  readonly squares: number[] = [];

  record(tally: ConnectionTally, pod: number): void {
    while (this.totals.length <= pod) {
      this.totals.push(0);
      this.squares.push(0);
    }
    const before = tally.n++;
    let x = 0;
    if (before === 0) {
      this.connections++;
      tally.first = pod;
    } else {
      tally.counts ??= new Uint32Array(16);
      if (tally.counts.length <= Math.max(pod, tally.first))
        tally.counts = grown(tally.counts, Math.max(pod, tally.first));
      if (before === 1) {
        tally.counts[tally.first] = 1;
        this.reused++;
        this.pinned++;
      }
      if (tally.pinned && pod !== tally.first) {
        tally.pinned = false;
        this.pinned--;
      }
      x = tally.counts[pod]!++;
    }
    this.n++;
    this.squaredSizes += 2 * before + 1;
    this.totals[pod]!++;
    this.squares[pod]! += 2 * x + 1;
  }

  /** Adds another worker's sums, whose pod i is `indexOf(i)` here. Connections never cross workers. */
  add(other: SpreadTotals, indexOf: (pod: number) => number): void {
    this.connections += other.connections;
    this.pinned += other.pinned;
    this.reused += other.reused;
    this.n += other.n;
    this.squaredSizes += other.squaredSizes;
    for (let pod = 0; pod < other.totals.length; pod++) {
      const index = indexOf(pod);
      this.totals[index] = (this.totals[index] ?? 0) + other.totals[pod]!;
      this.squares[index] = (this.squares[index] ?? 0) + other.squares[pod]!;
    }
  }

  summary(): ConnectionSpread {
    const { connections, pinned, reused } = this;
    return { connections, pinned, reused, designEffect: this.#designEffect() };
  }

  #designEffect(): number {
    if (this.n === 0 || this.reused === 0) return 1;
    let served = 0;
    let between = -this.squaredSizes;
    for (let pod = 0; pod < this.totals.length; pod++) {
      const total = this.totals[pod] ?? 0;
      if (total === 0) continue;
      served++;
      between += (this.squares[pod]! * this.n) / total;
    }
    // One pod, or one connection: nothing to compare. If connections stick, each is one decision: the mean size seen
    // by a request. If the one connection reached several pods, requests were decided one by one.
    if (served === 1) return this.squaredSizes / this.n;
    if (this.connections === 1) return 1;
    const effect = (between / (this.n * (served - 1))) * (this.connections / (this.connections - 1));
    return Math.max(1, effect);
  }
}

/** The sums as plain data. */
export type SpreadTotals = Pick<
  SpreadSums,
  'connections' | 'pinned' | 'reused' | 'n' | 'squaredSizes' | 'totals' | 'squares'
>;

function grown(counts: Uint32Array, index: number): Uint32Array {
  const larger = new Uint32Array(2 ** Math.ceil(Math.log2(index + 1)));
  larger.set(counts);
  return larger;
}
