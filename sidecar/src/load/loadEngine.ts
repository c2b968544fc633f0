import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { largestRemainder } from '@evenkeel/core/schedule/largestRemainder';
import { loadProfile } from '@evenkeel/core/schedule/loadProfile';
import type { LoadEngine as LoadEnginePort, LoadHandle, LoadPlan } from '../runs/ports/loadEngine.ts';
import { AddressPolicy, type Resolver, systemResolver } from './addressPolicy.ts';
import { LoadRun } from './loadRun.ts';
import { phasePlan } from './phases.ts';
import { requestPlan } from './requestPlan.ts';
import { reachable } from './targetReach.ts';
import type { TransportName, WorkerSetup } from './workerMessages.ts';

/** Longest wait for a connection before the load begins; a shorter request timeout shortens it. */
const REACH_TIMEOUT_MS = 5000;

export interface LoadEngineOptions {
  /** Worker threads, at most; default: one less than there are cores, at least 1. */
  readonly workers?: number;
  /** Default: the fast one. */
  readonly transport?: TransportName;
  readonly resolve?: Resolver;
  /** Certificate authorities to trust, PEM; when there are any they replace Node's own. */
  readonly trustedCertificates?: readonly string[];
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
    const request = await reachable(
      requestPlan(
        {
          url: new URL(plan.url),
          addresses,
          allowedNetworks: plan.allowedNetworks,
          trustedCertificates: this.#options.trustedCertificates ?? [],
        },
        scenario.request,
        plan.attribution,
        plan.runId,
        version()
      ),
      Math.min(REACH_TIMEOUT_MS, Math.max(1000, scenario.request.timeoutMs))
    );
    const { load, connections } = scenario;
    // A worker without a user or a connection could do nothing.
    const useful = connections.policy === 'per-user' && load.model === 'users' ? load.users : connections.count;
    const limit = load.model === 'users' ? Math.min(useful, load.users) : useful;
    const workers = Math.min(this.#options.workers ?? Math.max(1, availableParallelism() - 1), limit);
    const shares = largestRemainder(connections.count, Array<number>(workers).fill(1));
    const phases = phasePlan(scenario.warmupSeconds, loadProfile(load).durationSeconds);
    const setups = shares.map(
      (connectionShare, worker): WorkerSetup => ({
        worker,
        workers,
        transport: this.#options.transport ?? 'fast',
        request,
        load,
        connections,
        connectionShare,
        timeoutMs: scenario.request.timeoutMs,
        durationSeconds: phases.sendingSeconds,
        drainSeconds: scenario.drainSeconds,
        measuredFromSecond: phases.measuringFrom,
        pods: plan.pods,
        acceptUnknownPods: plan.acceptUnknownPods,
      })
    );
    return LoadRun.begin(setups, phases);
  }
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return (manifest as { version: string }).version;
}
