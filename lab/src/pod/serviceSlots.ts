/** One request inside a pod. */
export interface Job {
  /** Work in milliseconds. */
  readonly workMs: number;
  /** Called when the work is done; not after `cancel`. */
  done(): void;
}

interface Entry {
  readonly job: Job;
  /** While queued: when it arrived. In service: when it will be done. */
  time: number;
  waiting: boolean;
  cancelled: boolean;
}

/**
 * Up to `concurrency` jobs at once and a first-in-first-out queue for the rest. A job that waited begins at the moment
 * at which the slot was due to become free, not when a late timer noticed it: under backlog the pod does exactly
 * concurrency / service time jobs per second, whatever the timers' rounding. Times are milliseconds of one monotonic clock.
 */
export class ServiceSlots {
  readonly #concurrency: number;
  readonly #queueLimit: number;
  /** Binary heap of the jobs in service by the time at which they are done. */
  readonly #heap: Entry[] = [];
  #queue: Entry[] = [];
  #head = 0;
  #queued = 0;

  constructor(concurrency: number, queueLimit: number) {
    this.#concurrency = concurrency;
    this.#queueLimit = queueLimit;
  }

  get inService(): number {
    return this.#heap.length;
  }

  get queued(): number {
    return this.#queued;
  }

  /** When the next job is done; Infinity when none is in service. */
  get nextDue(): number {
    return this.#heap[0]?.time ?? Number.POSITIVE_INFINITY;
  }

  /** Takes a job. Returns how to cancel it, or null when the queue is full. Work in service runs on when cancelled: a slot does not know. */
  arrive(job: Job, now: number): (() => void) | null {
    const entry: Entry = { job, time: now, waiting: false, cancelled: false };
    if (this.#heap.length < this.#concurrency) {
      entry.time = now + job.workMs;
      this.#push(entry);
    } else {
      if (this.#queued >= this.#queueLimit) return null;
      this.#queue.push(entry);
      this.#queued++;
      entry.waiting = true;
    }
    return () => {
      if (entry.cancelled) return;
      entry.cancelled = true;
      if (entry.waiting) this.#queued--;
    };
  }

  /** Ends every job that is due by `now` and starts those that waited. */
  advance(now: number): void {
    while (this.#heap.length > 0 && this.#heap[0]!.time <= now) {
      const entry = this.#pop();
      const next = this.#shift();
      if (next !== null) {
        next.time = Math.max(next.time, entry.time) + next.job.workMs;
        this.#push(next);
      }
      if (!entry.cancelled) entry.job.done();
    }
  }

  #shift(): Entry | null {
    while (this.#head < this.#queue.length) {
      const entry = this.#queue[this.#head++]!;
      if (this.#head > 1024 && this.#head * 2 > this.#queue.length) {
        this.#queue = this.#queue.slice(this.#head);
        this.#head = 0;
      }
      if (entry.cancelled) continue;
      entry.waiting = false;
      this.#queued--;
      return entry;
    }
    this.#queue.length = 0;
    this.#head = 0;
    return null;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.time <= entry.time) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): Entry {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap.pop()!;
    const size = heap.length;
    if (size === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && heap[child + 1]!.time < heap[child]!.time) child++;
      if (heap[child]!.time >= last.time) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}
