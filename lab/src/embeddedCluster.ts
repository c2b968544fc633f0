import type { PodStatus } from '@evenkeel/contract/target';
import type { PolicyName } from '@evenkeel/core/policies/registry';
import type { PodDirectory } from '@evenkeel/core/targets/podDirectory';
import type { Balancer } from './balancers/balancer.ts';
import { EmbeddedBalancer } from './balancers/embeddedBalancer.ts';
import { HAPROXY } from './balancers/haproxy.ts';
import { NGINX } from './balancers/nginx.ts';
import { ProgramBalancer } from './balancers/programBalancer.ts';
import type { EmbeddedOptions } from './embeddedOptions.ts';
import type { PodFault } from './pod/podMessages.ts';
import { type FaultAnswer, PodKeeper } from './podKeeper.ts';
import type { Routing, UpstreamCounts } from './proxy/balancerMessages.ts';
import { Reaper } from './reaper.ts';

const HOST = '127.0.0.1';
const LOOK_EVERY_MS = 1000;
const CONNECT_TIMEOUT_MS = 1000;
const RESPONSE_TIMEOUT_MS = 60_000;

/** Something that happened in the cluster, for the event log of a run. */
export type ClusterEvent =
  | { readonly type: 'pod-restarted'; readonly pod: string; readonly restarts: number; readonly cause: string }
  | { readonly type: 'balancer-died'; readonly cause: string }
  | { readonly type: 'balancer-restarted' }
  /** The balancer did not take over a change of the pods. */
  | { readonly type: 'balancer-refused'; readonly cause: string }
  | { readonly type: 'fault-ended'; readonly pod: string; readonly id: string; readonly reason: string };

/** Real HTTP pods behind a real balancer, all processes on this machine and on loopback. */
export class EmbeddedCluster implements PodDirectory {
  readonly complete = true;
  readonly #options: EmbeddedOptions;
  readonly #reaper = new Reaper();
  readonly #listeners = new Set<(event: ClusterEvent) => void>();
  readonly #keepers: PodKeeper[];
  readonly #weights: number[];
  #policy: PolicyName;
  #balancer: Balancer | null = null;
  /** Readiness as the balancer was last told, one letter per pod. */
  #toldReady = '';
  #watch: NodeJS.Timeout | undefined;
  #stopped: Promise<void> | null = null;

  private constructor(options: EmbeddedOptions) {
    this.#options = options;
    this.#policy = options.policy;
    this.#weights = Array.from({ length: options.pods }, (_, index) => options.weights[index] ?? 1);
    this.#keepers = Array.from({ length: options.pods }, (_, index) => {
      const name = `pod-${index + 1}`;
      const settings = {
        name,
        port: 0,
        serviceTime: options.serviceTime,
        capacity: options.capacity[index] ?? 1,
        concurrency: options.concurrency,
        queue: options.queue,
        seed: options.seed * 1000 + index,
      };
      return new PodKeeper(settings, this.#reaper, {
        changed: (routing) => {
          if (routing) void this.#route();
        },
        restarted: (restarts, cause) => this.#emit({ type: 'pod-restarted', pod: name, restarts, cause }),
        faultEnded: (id, reason) => this.#emit({ type: 'fault-ended', pod: name, id, reason }),
      });
    });
  }

  /**
   * Starts pods and balancer and resolves when the balancer answers. Leaves nothing running when it fails.
   * @throws Error with a message for people.
   */
  static async start(options: EmbeddedOptions): Promise<EmbeddedCluster> {
    const cluster = new EmbeddedCluster(options);
    try {
      await Promise.all(cluster.#keepers.map((keeper) => keeper.start()));
      cluster.#balancer = await cluster.#startBalancer();
      // A pod that has died says so; one that hangs only falls silent.
      cluster.#watch = setInterval(() => {
        if (cluster.#readiness() !== cluster.#toldReady) void cluster.#route();
      }, LOOK_EVERY_MS);
      cluster.#watch.unref();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  /** Base URL of the balancer. */
  get url(): string {
    return `http://${HOST}:${this.#balancer!.port}`;
  }

  /** What spreads the requests, for people: "embedded balancer, round-robin". */
  get description(): string {
    return `${this.#balancer!.title}, ${this.#policy}${this.#options.mode === 'connection' ? ' per connection' : ''}`;
  }

  get policy(): PolicyName {
    return this.#policy;
  }

  list(): readonly PodStatus[] {
    return this.#keepers.map((keeper, index) => ({
      pod: keeper.name,
      address: keeper.port === 0 ? null : `${HOST}:${keeper.port}`,
      ready: keeper.ready,
      weight: this.#weights[index]!,
      cpuCores: keeper.figures?.cpuCores ?? null,
      memoryBytes: keeper.figures?.memoryBytes ?? null,
      activeConnections: keeper.figures?.activeConnections ?? null,
      restarts: keeper.restarts,
    }));
  }

  /** Calls `listener` for every event from now on. Returns how to stop that. */
  onEvent(listener: (event: ClusterEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Changes the policy for all further requests; none in flight is touched. */
  async setPolicy(policy: PolicyName): Promise<void> {
    const before = this.#policy;
    this.#policy = policy;
    try {
      await this.#balancer!.route(this.#routing());
    } catch (error) {
      this.#policy = before;
      throw error;
    }
  }

  /** Changes the weights of the named pods. @throws Error for an unknown pod or a bad weight. */
  async setWeights(weights: Readonly<Record<string, number>>): Promise<void> {
    for (const [pod, weight] of Object.entries(weights)) {
      this.#keeper(pod);
      if (!Number.isFinite(weight) || weight < 0)
        throw new Error(`the weight of ${pod} must be at least 0, not ${weight}`);
    }
    for (const [index, keeper] of this.#keepers.entries())
      this.#weights[index] = weights[keeper.name] ?? this.#weights[index]!;
    await this.#balancer!.route(this.#routing());
  }

  /** Kills the process of a pod as a crash would. It is restarted. */
  killPod(pod: string): void {
    this.#keeper(pod).kill();
  }

  /** Injects a fault into one pod and resolves when the pod has answered. `stayDown` keeps a crashed pod down for the time to live. */
  injectFault(pod: string, fault: PodFault, stayDown = false): Promise<FaultAnswer> {
    return this.#keeper(pod).inject(fault, stayDown);
  }

  clearFault(pod: string, id: string): Promise<FaultAnswer> {
    return this.#keeper(pod).clear(id);
  }

  /** Requests per pod as the balancer itself counted them since it was started. */
  counts(): Promise<readonly UpstreamCounts[]> {
    return this.#balancer!.counts();
  }

  /** All processes of the cluster, for tests and for people. */
  processes(): readonly { readonly role: string; readonly pid: number }[] {
    const list: { role: string; pid: number }[] = [];
    for (const { name, pid } of this.#keepers) if (pid !== undefined) list.push({ role: name, pid });
    for (const pid of this.#balancer?.pids() ?? []) list.push({ role: 'balancer', pid });
    if (this.#reaper.pid !== undefined) list.push({ role: 'reaper', pid: this.#reaper.pid });
    return list;
  }

  /** Ends everything. Always completes, and may be called more than once. */
  stop(): Promise<void> {
    this.#stopped ??= (async () => {
      clearInterval(this.#watch);
      await this.#balancer?.stop();
      await Promise.all(this.#keepers.map((keeper) => keeper.stop()));
      await this.#reaper.stop();
    })();
    return this.#stopped;
  }

  #startBalancer(): Promise<Balancer> {
    const { balancer, port, mode, balancers, retry, ejection, hashKey, seed } = this.#options;
    const settings = {
      port,
      mode,
      balancers,
      retry,
      ejection,
      hashKey,
      seed,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      responseTimeoutMs: RESPONSE_TIMEOUT_MS,
    };
    const events = {
      died: (cause: string) => this.#emit({ type: 'balancer-died', cause }),
      restarted: () => this.#emit({ type: 'balancer-restarted' }),
    };
    if (balancer === 'embedded') return EmbeddedBalancer.start(settings, this.#routing(), this.#reaper, events);
    const recipe = balancer === 'nginx' ? NGINX : HAPROXY;
    return ProgramBalancer.start(recipe, settings, this.#routing(), this.#reaper, events);
  }

  #keeper(pod: string): PodKeeper {
    const keeper = this.#keepers.find(({ name }) => name === pod);
    if (keeper === undefined) {
      throw new Error(`there is no pod "${pod}"; the pods are ${this.#keepers.map(({ name }) => name).join(', ')}`);
    }
    return keeper;
  }

  #emit(event: ClusterEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #readiness(): string {
    return this.#keepers.map(({ ready }) => (ready ? 'r' : '-')).join('');
  }

  #routing(): Routing {
    this.#toldReady = this.#readiness();
    return {
      policy: this.#policy,
      pods: this.#keepers.map(({ name, port, ready }, index) => ({
        pod: name,
        host: HOST,
        port,
        weight: this.#weights[index]!,
        ready,
      })),
    };
  }

  /** Tells the balancer; what it complains about is an event, as nobody asked for this change. */
  async #route(): Promise<void> {
    if (this.#stopped !== null) return;
    try {
      await this.#balancer?.route(this.#routing());
    } catch (error) {
      this.#emit({ type: 'balancer-refused', cause: (error as Error).message });
    }
  }
}
