/** When each pod came out of its last fault, for the cooldown between two of them. */
export class PodRest {
  readonly #endedAt = new Map<string, number>();
  readonly #monotonic: () => number;

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /** A fault of this pod ended `agoMs` ago. */
  ended(targetId: string, pod: string, agoMs: number): void {
    this.#endedAt.set(key(targetId, pod), this.#monotonic() - agoMs);
  }

  sinceMs(targetId: string, pod: string): number | null {
    const at = this.#endedAt.get(key(targetId, pod));
    return at === undefined ? null : this.#monotonic() - at;
  }
}

const key = (targetId: string, pod: string) => `${targetId}/${pod}`;
