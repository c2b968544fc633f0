import type { EjectionSettings } from './balancerMessages.ts';

const HEALTHY = 0;
const EJECTED = 1;
/** The time is over: one request may try the pod, and its success brings it back. */
const ON_TRIAL = 2;

/**
 * nginx's passive health check: `maxFails` failures within `failTimeout` leave a pod out for `failTimeout`; then a
 * single request tries it, and only its success brings the pod back. Times are milliseconds of one monotonic clock.
 */
export class PassiveEjection {
  readonly #settings: EjectionSettings | null;
  readonly #state: Uint8Array;
  readonly #fails: Int32Array;
  /** While healthy: when the counting window began. While ejected: until when. */
  readonly #since: Float64Array;
  /** When the request on trial was sent; Infinity while there is none. */
  readonly #trialAt: Float64Array;

  constructor(settings: EjectionSettings | null, pods: number) {
    this.#settings = settings;
    this.#state = new Uint8Array(pods);
    this.#fails = new Int32Array(pods);
    this.#since = new Float64Array(pods).fill(Number.NEGATIVE_INFINITY);
    this.#trialAt = new Float64Array(pods).fill(Number.POSITIVE_INFINITY);
  }

  isOut(pod: number): boolean {
    return this.#state[pod] === EJECTED;
  }

  /** A request was sent to the pod. True when that changes who may be picked. */
  picked(pod: number, now: number): boolean {
    if (this.#settings === null || this.#state[pod] !== ON_TRIAL) return false;
    this.#state[pod] = EJECTED;
    this.#since[pod] = now + this.#settings.failTimeoutMs;
    this.#trialAt[pod] = now;
    return true;
  }

  /** True when the failure changes who may be picked. */
  failed(pod: number, now: number): boolean {
    const settings = this.#settings;
    if (settings === null || this.#state[pod] === EJECTED) return false;
    if (this.#state[pod] === HEALTHY) {
      if (now - this.#since[pod]! > settings.failTimeoutMs) {
        this.#since[pod] = now;
        this.#fails[pod] = 0;
      }
      this.#fails[pod]!++;
      if (this.#fails[pod]! < settings.maxFails) return false;
    }
    this.#state[pod] = EJECTED;
    this.#since[pod] = now + settings.failTimeoutMs;
    this.#trialAt[pod] = Number.POSITIVE_INFINITY;
    return true;
  }

  /** A request that was sent at `startedAt` succeeded. True when that changes who may be picked; older ones than the trial say nothing. */
  succeeded(pod: number, startedAt: number): boolean {
    if (this.#state[pod] === HEALTHY || startedAt < this.#trialAt[pod]!) return false;
    this.reset(pod);
    return true;
  }

  /** A new pod took the place of this one. */
  reset(pod: number): void {
    this.#state[pod] = HEALTHY;
    this.#fails[pod] = 0;
    this.#since[pod] = Number.NEGATIVE_INFINITY;
    this.#trialAt[pod] = Number.POSITIVE_INFINITY;
  }

  /** Puts pods on trial whose time is over; true when there are any. */
  advance(now: number): boolean {
    let any = false;
    for (let pod = 0; pod < this.#state.length; pod++) {
      if (this.#state[pod] === EJECTED && this.#since[pod]! <= now) {
        this.#state[pod] = ON_TRIAL;
        any = true;
      }
    }
    return any;
  }
}
