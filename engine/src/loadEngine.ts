import { isIPv6 } from 'node:net';
import { availableParallelism } from 'node:os';
import { profileSeconds } from '@evenkeel/contract/profileSeconds';
import type { ScenarioRequest } from '@evenkeel/contract/scenario';
import { TargetUrlError } from '@evenkeel/contract/targetUrl';
import { VERSION } from '@evenkeel/contract/version';
import type { LoadEngine as LoadEnginePort, LoadHandle, LoadPlan } from '@evenkeel/core/run/loadEngine';
import { largestRemainder } from '@evenkeel/core/schedule/largestRemainder';
import { AddressPolicy, type Resolver, refusedFor, systemResolver, targetUrl } from './addressPolicy.ts';
import { LoadRun } from './loadRun.ts';
import { phasePlan } from './phases.ts';
import { type Destination, type RequestPlan, requestPlan } from './requestPlan.ts';
import { reachable } from './targetReach.ts';
import type { TransportName, WorkerSetup } from './workerMessages.ts';

/** Longest wait for a connection before the load begins; a shorter request timeout shortens it. */
const REACH_TIMEOUT_MS = 5000;
/** A mix is drawn in the same order in every run, so that runs can be compared. */
const MIX_SEED = 1;

export interface LoadEngineOptions {
  /** Worker threads, at most; default: one less than there are cores, at least 1. */
  readonly workers?: number;
  /** Default: the fast one. */
  readonly transport?: TransportName;
  readonly resolve?: Resolver;
  /** Certificate authorities to trust, PEM; when there are any they replace Node's own. */
  readonly trustedCertificates?: readonly string[];
  /** Milliseconds since the Unix epoch by the clock of whoever reads the seconds; default: the machine's. Asked once for each run. */
  readonly now?: () => number;
}

/** The load engine over worker threads. `start` rejects with `TargetRefused` or `TargetUnreachable`. */
export class LoadEngine implements LoadEnginePort {
  readonly #options: LoadEngineOptions;

  constructor(options: LoadEngineOptions = {}) {
    this.#options = options;
  }

  async start(plan: LoadPlan): Promise<LoadHandle> {
    const { scenario } = plan;
    const policy = new AddressPolicy(plan.allowedNetworks);
    const addresses = await policy.addressesOf(plan.url, this.#options.resolve ?? systemResolver);
    const destination = {
      url: targetUrl(plan.url),
      addresses,
      allowedNetworks: plan.allowedNetworks,
      trustedCertificates: this.#options.trustedCertificates ?? [],
      protocol: scenario.connections.protocol,
      maxHeadBytes: scenario.connections.maxHeadBytes,
    };
    const asked = scenario.mix ?? [{ weight: 1, request: scenario.request }];
    const requests = asked.map(({ weight, request }) => ({
      plan: planned(destination, request, plan),
      weight,
      timeoutMs: request.timeoutMs,
      expect: request.expect,
    }));
    const patience = Math.max(...requests.map(({ timeoutMs }) => timeoutMs));
    // All go to the same destination, so one look at it serves them all.
    const patienceMs = Math.min(REACH_TIMEOUT_MS, Math.max(1000, patience));
    const reached = await reachable(requests[0]!.plan, patienceMs, scenario.connections.streams);
    const { load, connections } = scenario;
    // A worker without a user or a connection could do nothing.
    const useful = connections.policy === 'per-user' && load.model === 'users' ? load.users : connections.count;
    const limit = load.model === 'users' ? Math.min(useful, load.users) : useful;
    const workers = Math.min(this.#options.workers ?? Math.max(1, availableParallelism() - 1), limit);
    const shares = largestRemainder(connections.count, Array<number>(workers).fill(1));
    const phases = phasePlan(scenario.warmupSeconds, profileSeconds(load));
    const setups = shares.map(
      (connectionShare, worker): WorkerSetup => ({
        worker,
        workers,
        transport: connections.protocol === 'http/2' ? 'http2' : (this.#options.transport ?? 'fast'),
        requests: requests.map((request) => ({ ...request, plan: { ...request.plan, addresses: reached.addresses } })),
        seed: MIX_SEED,
        load,
        connections,
        connectionShare,
        durationSeconds: phases.sendingSeconds,
        drainSeconds: scenario.drainSeconds,
        measuredFromSecond: phases.measuringFrom,
        pods: plan.pods,
        acceptUnknownPods: plan.acceptUnknownPods,
      })
    );
    return LoadRun.begin(
      setups,
      phases,
      reached.addresses.map((address) => addressText(address, reached.port)),
      this.#options.now ?? Date.now
    );
  }
}

/** `10.0.0.1:8080`, `[::1]:8080`. */
function addressText(address: string, port: number): string {
  return `${isIPv6(address) ? `[${address}]` : address}:${port}`;
}

function planned(destination: Destination, request: ScenarioRequest, { attribution, runId }: LoadPlan): RequestPlan {
  try {
    return requestPlan(destination, request, attribution, runId, VERSION);
  } catch (error) {
    throw error instanceof TargetUrlError ? refusedFor(error) : error;
  }
}
