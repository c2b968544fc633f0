import { MAX_PODS } from '@evenkeel/contract/limits';
import { POD_NAME } from '@evenkeel/contract/podName';

export const NO_POD = -1;

/** Known pods of a plan, as they cross to a worker. */
export type KnownPods = readonly { readonly pod: string; readonly address: string | null }[];

/**
 * Finds the pods behind a response from its attribution headers. Pods are small whole numbers here, in the order in
 * which they were first seen; `names` says who they are.
 *
 * The pod that answered is the one that the pod header names, else the last upstream address. The pod that was chosen
 * first is the first upstream address, else the one that answered. A name that is not accepted is nobody: a response
 * cannot invent pods.
 */
export class PodAttribution {
  /** Names by index. Grows only. */
  readonly names: string[] = [];
  /** Who answered the last resolved response, or NO_POD. */
  answered = NO_POD;
  /** Who was chosen first for it, or NO_POD. */
  chosen = NO_POD;
  /** Whether the balancer tried more than one upstream for it. */
  retried = false;
  readonly #byName = new Map<string, number>();
  readonly #byAddress = new Map<string, number>();
  readonly #acceptUnknown: boolean;
  readonly #namesComeByHeader: boolean;

  constructor(pods: KnownPods, acceptUnknown: boolean, namesComeByHeader: boolean) {
    this.#acceptUnknown = acceptUnknown;
    this.#namesComeByHeader = namesComeByHeader;
    this.accept(pods);
  }

  /** Accepts these pods from now on. A known pod may get a new address; an address may move to another pod. */
  accept(pods: KnownPods): void {
    for (const { pod, address } of pods) {
      const index = this.#byName.get(pod) ?? this.#add(pod);
      if (address !== null && index !== NO_POD) this.#byAddress.set(address, index);
    }
  }

  /** Resolves one response; the answer is in `answered`, `chosen` and `retried`. */
  resolve(podName: string, upstream: string): void {
    let answered = podName === '' ? NO_POD : (this.#byName.get(podName) ?? this.#unknownName(podName));
    let chosen = NO_POD;
    this.retried = false;
    if (upstream !== '') {
      if (isList(upstream)) {
        const tried = upstream.split(/\s*,\s*|\s+:\s+/).filter((entry) => entry !== '' && entry !== '-');
        this.retried = tried.length > 1;
        if (answered === NO_POD && tried.length > 0) answered = this.#atAddress(tried[tried.length - 1]!, NO_POD);
        if (tried.length > 0) chosen = this.#atAddress(tried[0]!, this.retried ? NO_POD : answered);
      } else {
        const at = this.#atAddress(upstream, answered);
        if (answered === NO_POD) answered = at;
        chosen = at;
      }
    }
    this.answered = answered;
    // With a retry the pod that answered is known not to be the first choice.
    this.chosen = chosen === NO_POD && !this.retried ? answered : chosen;
  }

  #atAddress(address: string, answered: number): number {
    const known = this.#byAddress.get(address);
    if (known !== undefined) return known;
    if (!this.#acceptUnknown) return NO_POD;
    if (answered !== NO_POD) {
      // A single upstream that answered with a name: this is where that pod lives.
      if (this.#byAddress.size < MAX_PODS) this.#byAddress.set(address, answered);
      return answered;
    }
    return this.#namesComeByHeader ? NO_POD : (this.#byName.get(address) ?? this.#unknownName(address));
  }

  #unknownName(name: string): number {
    return this.#acceptUnknown && POD_NAME.test(name) ? this.#add(name) : NO_POD;
  }

  #add(name: string): number {
    if (this.names.length >= MAX_PODS) return NO_POD;
    const index = this.names.push(name) - 1;
    this.#byName.set(name, index);
    return index;
  }
}

/** nginx separates tries by ", " and groups of tries (internal redirects) by " : ". */
function isList(upstream: string): boolean {
  return upstream.includes(',') || upstream.includes(' ') || upstream === '-';
}
