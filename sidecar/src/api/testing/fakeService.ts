import { POD_HEADER } from '@evenkeel/contract/attribution';
import { type Limits, STANDARD_LIMITS } from '@evenkeel/contract/limits';
import { scenarioSchema } from '@evenkeel/contract/scenario';
import type { PodStatus } from '@evenkeel/contract/target';
import { executeRun } from '@evenkeel/core/run/runExecution';
import { FakeLoadEngine, type FakeLoadOptions } from '@evenkeel/core/run/testing/fakeLoadEngine';
import { fixedCatalog, type KnownTarget } from '@evenkeel/core/targets/targetCatalog';
import { FaultService } from '../../faults/faultService.ts';
import { STANDARD_GUARDRAILS } from '../../faults/guardrails.ts';
import type { FaultClock } from '../../faults/ports/faultClock.ts';
import { fixedPlaces } from '../../faults/ports/faultPlaces.ts';
import { FakeFaultDriver, FakeFaultPlace } from '../../faults/testing/fakeFaultPlace.ts';
import { MemoryFaultJournal } from '../../faults/testing/memoryFaultJournal.ts';
import { noObserver } from '../../runs/ports/runObserver.ts';
import type { RunStore } from '../../runs/ports/runStore.ts';
import { RunService } from '../../runs/runService.ts';
import { MemoryRunStore } from '../../runs/testing/memoryRunStore.ts';
import { MemoryAuditLog } from '../../safety/ports/auditLog.ts';
import { SafetyLever } from '../../safety/safetyLever.ts';
import { MemorySafetyStore } from '../../safety/testing/memorySafetyStore.ts';
import { ScenarioLibrary } from '../../scenarios/scenarioLibrary.ts';
import { ScenarioReader } from '../../scenarios/scenarioReader.ts';
import { MemoryScenarioStore } from '../../scenarios/testing/memoryScenarioStore.ts';
import { createApp, type RequestLog } from '../app.ts';
import { Authenticator } from '../authenticator.ts';
import { type ConnectionLimits, Connections, connectionLimitsFor } from '../connectionLimits.ts';
import { EventStreams, STREAM_LIMITS, type StreamLimits } from '../eventStreams.ts';
import type { IdentityVerifier } from '../grafanaIdentity.ts';
import { boundedServer, listen, type ServerPatience } from '../httpServer.ts';
import { OriginGuard } from '../originGuard.ts';
import type { RateBudgets } from '../rateLimits.ts';
import { comingThrough, type Route } from '../route.ts';
import { routeTable } from '../routeTable.ts';
import type { Services } from '../services.ts';
import { type KnownToken, TokenList } from '../tokens.ts';

/** One token for each way in; every one is long enough to be a real one. */
export const TOKENS = {
  Viewer: 'viewer-token-0123456789',
  Editor: 'editor-token-0123456789',
  Admin: 'admin-token-0123456789',
  grafana: 'grafana-token-0123456789',
  grafanaNext: 'grafana-token-next-0123456789',
} as const;

const KNOWN_TOKENS: readonly KnownToken[] = [
  ...(['Viewer', 'Editor', 'Admin'] as const).map((role) => ({ name: role.toLowerCase(), role, token: TOKENS[role] })),
  { name: 'grafana-1', role: 'from-grafana', token: TOKENS.grafana },
  { name: 'grafana-2', role: 'from-grafana', token: TOKENS.grafanaNext },
];

const NO_LIMIT: RateBudgets = { public: 1e6, read: 1e6, write: 1e6, start: 1e6, stream: 1e6, stop: 1e6 };

export interface FakeServiceOptions {
  readonly tokens?: readonly KnownToken[];
  readonly limits?: Limits;
  readonly grafana?: IdentityVerifier;
  readonly budgets?: RateBudgets;
  readonly streams?: Partial<StreamLimits>;
  readonly load?: FakeLoadOptions;
  readonly store?: RunStore;
  readonly maxActive?: number;
  readonly openMetrics?: boolean;
  readonly targets?: readonly string[];
  readonly connections?: Partial<ConnectionLimits>;
  readonly patience?: ServerPatience;
}

export interface FakeService {
  readonly url: string;
  readonly port: number;
  readonly routes: readonly Route[];
  readonly services: Services;
  readonly connections: Connections;
  readonly engine: FakeLoadEngine;
  /** What was logged as a mistake of the service. */
  readonly mistakes: readonly object[];
  /** What was logged for an operator to see. */
  readonly warnings: readonly string[];
  close(): Promise<void>;
}

/** A target of four even pods that exist in name only. */
export function fakeTarget(id: string): KnownTarget {
  const pods = ['pod-1', 'pod-2', 'pod-3', 'pod-4'].map(
    (pod, i): PodStatus => ({
      pod,
      address: `127.0.0.1:${9001 + i}`,
      ready: true,
      weight: 1,
      cpuCores: 0.1,
      memoryBytes: 1e6,
      activeConnections: 1,
      restarts: 0,
    })
  );
  return {
    target: {
      id,
      name: `Target ${id}`,
      kind: 'embedded',
      url: 'http://127.0.0.1:9000/',
      attribution: { header: POD_HEADER },
      balancer: 'none',
    },
    directory: { list: () => pods, complete: true },
    allowedNetworks: ['127.0.0.0/8'],
  };
}

/** The whole API on a real port, over fakes: no load, no cluster, no disk. */
export async function startFakeService(options: FakeServiceOptions = {}): Promise<FakeService> {
  const now = Date.now;
  const engine = new FakeLoadEngine(options.load ?? {});
  const targets = fixedCatalog((options.targets ?? ['shop']).map(fakeTarget));
  const safety = new SafetyLever(new MemorySafetyStore(), now);
  let savedScenarios = 0;
  let startedRuns = 0;
  const scenarios = new ScenarioLibrary(
    [
      {
        id: 'steady',
        scenario: scenarioSchema.parse({
          name: 'Steady',
          kind: 'sustained',
          load: { model: 'rate', stages: [{ from: 100, to: 100, durationSeconds: 20 }] },
        }),
      },
    ],
    new MemoryScenarioStore(),
    now,
    () => `${++savedScenarios}`
  );
  const limits = options.limits ?? STANDARD_LIMITS;
  const reader = new ScenarioReader(limits);
  const mistakes: object[] = [];
  const warnings: string[] = [];
  const log: RequestLog = {
    warn: (_fields, message) => void warnings.push(message),
    debug: () => {},
    error: (fields) => void mistakes.push(fields),
  };
  const runs = new RunService({
    store: options.store ?? new MemoryRunStore(),
    targets,
    engine,
    execute: executeRun,
    observer: noObserver,
    scenario: (id) => scenarios.get(id).scenario,
    admit: () => safety.refuseIfEngaged(),
    newId: () => `run-${++startedRuns}`,
    now,
    maxActive: options.maxActive ?? 10,
    retention: { runs: 1000, days: 1000 },
    complain: (_message, error) => void mistakes.push({ error }),
  });
  safety.stopsRuns(runs);
  const streamLimits = { ...STREAM_LIMITS, ...options.streams };
  const streams = new EventStreams(streamLimits);
  const audit = new MemoryAuditLog();
  const faultClock: FaultClock = {
    now,
    monotonic: () => performance.now(),
    after: (ms, fire) => {
      const timer = setTimeout(fire, ms).unref();
      return () => clearTimeout(timer);
    },
  };
  const place = new FakeFaultPlace(faultClock, 4);
  const driver = new FakeFaultDriver(place, faultClock);
  let startedFaults = 0;
  const faults = new FaultService({
    places: fixedPlaces(
      targets.list().map(({ target }) => ({ targetId: target.id, targetName: target.name, directory: place, driver }))
    ),
    journal: new MemoryFaultJournal(),
    clock: faultClock,
    audit,
    observer: { step: () => {} },
    complain: (_message, error) => void mistakes.push({ error }),
    guardrails: STANDARD_GUARDRAILS,
    newId: () => `fault-${++startedFaults}`,
    newSeed: () => 1,
    admit: () => safety.refuseIfEngaged(),
    activeRun: (targetId) => runs.activeOn(targetId)?.run.id ?? null,
  });
  await faults.reconcile();
  safety.revertsFaults(faults);
  const services: Services = {
    runs,
    faults,
    targets,
    scenarios,
    reader,
    safety,
    audit,
    streams,
    limits,
    version: '0.0.0',
    now,
    problems: () => [runs.storeProblem()].filter((problem) => problem !== null),
    metrics: async () => ({ type: 'text/plain; version=0.0.4', body: ['# nothing\n'] }),
    openMetrics: options.openMetrics ?? false,
  };
  const routes = routeTable(services);
  const authenticator = new Authenticator(new TokenList(options.tokens ?? KNOWN_TOKENS), options.grafana ?? null);
  const app = createApp({
    routes,
    services,
    authenticator,
    origins: new OriginGuard(['evenkeel.test']),
    budgets: options.budgets ?? NO_LIMIT,
    log,
  });
  const connections = new Connections({ ...connectionLimitsFor(streamLimits.maxClients), ...options.connections });
  const mustComeThrough = comingThrough(routes, (request) => authenticator.hasToken(request), services.openMetrics);
  const server = boundedServer(app, mustComeThrough, connections, options.patience);
  const port = await listen(server, '127.0.0.1', 0);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    routes,
    services,
    connections,
    engine,
    mistakes,
    warnings,
    close: async () => {
      await faults.shutdown();
      await runs.drain(0);
      streams.close();
      reader.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
