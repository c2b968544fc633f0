import type { PodFault } from './podMessages.ts';

const MAX_TTL_MS = 24 * 3600 * 1000;

/** Why a fault cannot be injected, in words for people; null when it can. */
export function faultProblem(fault: PodFault): string | null {
  if (!(fault.ttlMs > 0 && fault.ttlMs <= MAX_TTL_MS)) return `ttlMs is ${fault.ttlMs}; it must be 1 to ${MAX_TTL_MS}`;
  if (fault.kind === 'latency') {
    if (!(fault.delayMs >= 0 && fault.delayMs <= 60_000)) return `delayMs is ${fault.delayMs}; it must be 0 to 60000`;
    if (!(fault.jitterMs >= 0 && fault.jitterMs <= fault.delayMs)) {
      return `jitterMs is ${fault.jitterMs}; it must be 0 to delayMs`;
    }
  }
  if (fault.kind === 'errors') {
    if (!(fault.ratio >= 0 && fault.ratio <= 1)) return `ratio is ${fault.ratio}; it must be 0 to 1`;
    if (!(Number.isInteger(fault.status) && fault.status >= 400 && fault.status <= 599)) {
      return `status is ${fault.status}; it must be 400 to 599`;
    }
  }
  return null;
}

/** The faults that are active in this pod. Each carries its own timer, so none outlives its time to live. */
export class PodFaults {
  readonly #active = new Map<string, { readonly fault: PodFault; readonly timer: NodeJS.Timeout }>();
  readonly #changed: () => void;
  readonly #expired: (id: string) => void;

  /** `changed` is called after every change of the set; `expired` when a fault ran out. */
  constructor(changed: () => void, expired: (id: string) => void) {
    this.#changed = changed;
    this.#expired = expired;
  }

  /** Adds a fault, or replaces the one of the same id. */
  add(fault: PodFault): void {
    clearTimeout(this.#active.get(fault.id)?.timer);
    const timer = setTimeout(() => {
      this.#active.delete(fault.id);
      this.#changed();
      this.#expired(fault.id);
    }, fault.ttlMs);
    this.#active.set(fault.id, { fault, timer });
    this.#changed();
  }

  /** Ends a fault; false when there is none of this id. */
  remove(id: string): boolean {
    const entry = this.#active.get(id);
    if (entry === undefined) return false;
    clearTimeout(entry.timer);
    this.#active.delete(id);
    this.#changed();
    return true;
  }

  get none(): boolean {
    return this.#active.size === 0;
  }

  /** The active faults of one kind, in the order of injection. */
  of<K extends PodFault['kind']>(kind: K): Extract<PodFault, { kind: K }>[] {
    const found: Extract<PodFault, { kind: K }>[] = [];
    for (const { fault } of this.#active.values()) {
      if (fault.kind === kind) found.push(fault as Extract<PodFault, { kind: K }>);
    }
    return found;
  }
}
