import { randomInt, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { POD_HEADER, UPSTREAM_HEADER } from '@evenkeel/contract/attribution';
import { Refusal } from '@evenkeel/contract/refusal';
import { scenarioSchema } from '@evenkeel/contract/scenario';
import { targetPercentOf } from '@evenkeel/contract/targetPercent';
import { parseTargetUrl } from '@evenkeel/contract/targetUrl';
import { VERSION } from '@evenkeel/contract/version';
import { executeScenario } from '@evenkeel/core/run/executeScenario';
import type { LoadEngine as LoadEnginePort } from '@evenkeel/core/run/loadEngine';
import { builtinScenarios } from '@evenkeel/core/scenarios/builtinScenarios';
import { listedPods } from '@evenkeel/core/targets/listedPods';
import type { PodDirectory } from '@evenkeel/core/targets/podDirectory';
import { fixedCatalog, type KnownTarget } from '@evenkeel/core/targets/targetCatalog';
import { ignoredProxies } from '@evenkeel/engine/ignoredProxies';
import { LoadEngine } from '@evenkeel/engine/loadEngine';
import { EmbeddedCluster } from '@evenkeel/lab/embeddedCluster';
import { embeddedOptions } from '@evenkeel/lab/embeddedOptions';
import { EmbeddedFaultDriver, type FaultableCluster } from '@evenkeel/lab/faultDriver';
import { StartingCluster } from '@evenkeel/lab/startingCluster';
import type { Logger } from 'pino';
import { createApp } from './api/app.ts';
import { Authenticator } from './api/authenticator.ts';
import { Connections, connectionLimitsFor } from './api/connectionLimits.ts';
import { EventStreams, STREAM_LIMITS } from './api/eventStreams.ts';
import { GrafanaIdentity } from './api/grafanaIdentity.ts';
import { boundedServer, listen } from './api/httpServer.ts';
import { openApiDocument } from './api/openApiDocument.ts';
import { OriginGuard } from './api/originGuard.ts';
import { comingThrough } from './api/route.ts';
import { routeTable } from './api/routeTable.ts';
import type { Services } from './api/services.ts';
import { TokenList } from './api/tokens.ts';
import { monotonic, ServiceClock } from './clock/serviceClock.ts';
import { FaultService } from './faults/faultService.ts';
import { FaultsOfRuns } from './faults/faultsOfRuns.ts';
import { STANDARD_GUARDRAILS } from './faults/guardrails.ts';
import { type FaultClock, systemFaultClock } from './faults/ports/faultClock.ts';
import { type FaultPlace, fixedPlaces } from './faults/ports/faultPlaces.ts';
import { observedByAll, type RunObserver } from './runs/ports/runObserver.ts';
import { RunService } from './runs/runService.ts';
import { KeptAuditLog } from './safety/keptAuditLog.ts';
import { SafetyLever } from './safety/safetyLever.ts';
import { ScenarioLibrary } from './scenarios/scenarioLibrary.ts';
import { ScenarioReader } from './scenarios/scenarioReader.ts';
import type { Settings, TargetSettings } from './settings/settingsSchema.ts';
import { allowedNetworks } from './settings/targetNetworks.ts';
import { Database } from './store/database.ts';
import { SqliteAuditLog } from './store/sqliteAuditLog.ts';
import { SqliteFaultJournal } from './store/sqliteFaultJournal.ts';
import { SqliteRunStore } from './store/sqliteRunStore.ts';
import { SqliteSafetyStore } from './store/sqliteSafetyStore.ts';
import { SqliteScenarioStore } from './store/sqliteScenarioStore.ts';
import { FaultSeries } from './telemetry/faultSeries.ts';
import { createLogger } from './telemetry/logger.ts';
import { LoopDelay } from './telemetry/loopDelay.ts';
import { Metrics } from './telemetry/metrics.ts';
import { ReadinessLog } from './telemetry/readinessLog.ts';
import { SharedScrape } from './telemetry/sharedScrape.ts';

/** Past this delay of the main thread a new run could not be measured. */
const MAX_LOOP_DELAY_MS = 200;
const RETRY_WRITES_MS = 1000;
/** Below what anybody scrapes at, so that nobody gets the same twice. */
const SHARE_SCRAPE_MS = 250;
/** How long the rest of the start waits for what an earlier process left in effect; after that it goes on beside it. */
const RECONCILE_FIRST_MS = 2000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms).unref());

/** The cluster that a service loads by default, as far as it needs to know it. */
export interface DefaultCluster extends PodDirectory, Partial<Omit<FaultableCluster, 'list'>> {
  readonly url: string;
  readonly description: string;
}

export interface ServiceParts {
  /** A cluster that is up already; the service then brings up none, and leaves it alone when it closes. */
  readonly cluster?: DefaultCluster;
  readonly engine?: LoadEnginePort;
  readonly log?: Logger;
  /** Follows all runs beside telemetry, as a terminal does. */
  readonly observer?: RunObserver;
}

export interface Service {
  /** `http://127.0.0.1:8787`. */
  readonly url: string;
  readonly port: number;
  /** The same use case that the API serves, for whoever shares the process. */
  readonly runs: RunService;
  /** Stops runs in order, within the limit of the settings, and closes everything. Harmless when called again. */
  close(): Promise<void>;
}

/**
 * Starts the service. Rejects with a message for people (a port in use, a database that cannot be opened, a cluster that does not
 * come up), and leaves nothing behind then.
 */
export async function startService(settings: Settings, parts: ServiceParts = {}): Promise<Service> {
  const log = parts.log ?? createLogger(settings.logLevel);
  const undo: (() => unknown)[] = [];
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return await compose(settings, parts, log, undo, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function compose(
  settings: Settings,
  parts: ServiceParts,
  log: Logger,
  undo: (() => unknown)[],
  close: () => Promise<void>
): Promise<Service> {
  let isBusy = () => false;
  const clock = new ServiceClock(() => isBusy());
  const { now } = clock;
  const faultClock: FaultClock = { ...systemFaultClock, now };
  // Read as a whole later: what an earlier process left in effect is taken back before anything that takes its time.
  const database = Database.open(settings.database.file, { whole: false });
  undo.push(() => database.close());
  const complain = (message: string, error: unknown) => log.error({ err: error }, message);
  const audit = new KeptAuditLog(new SqliteAuditLog(database), (entry, error) =>
    log.error({ ...entry, err: error }, 'an entry of the audit log waits until it can be written')
  );
  const safety = new SafetyLever(new SqliteSafetyStore(database), now);
  const faultSeries = new FaultSeries(clock.onWall);
  const faultsOfRuns = new FaultsOfRuns(faultClock, complain);

  /** Neither a run nor a fault starts while the lever is pulled, or when it would not be remembered. */
  const refuseNow = () => {
    const unusable = database.check();
    if (unusable !== null) throw new Refusal('not-ready', unusable, { retryAfterSeconds: 10 });
    safety.refuseIfEngaged();
  };

  const ownCluster = parts.cluster === undefined && settings.embedded.enabled ? new StartingCluster() : null;
  const faultable = ownCluster ?? parts.cluster;
  const faults = new FaultService({
    places: fixedPlaces(faultable && isFaultable(faultable) ? [clusterPlace(faultable)] : []),
    journal: new SqliteFaultJournal(database),
    clock: faultClock,
    audit,
    observer: {
      step: (fault, step) => {
        faultSeries.step(fault, step);
        faultsOfRuns.step(fault, step);
        log.info({ fault: fault.id, target: fault.targetId, state: step.state }, step.text);
      },
    },
    complain,
    guardrails: STANDARD_GUARDRAILS,
    newId: randomUUID,
    newSeed: () => randomInt(2 ** 32),
    admit: refuseNow,
    activeRun: (targetId) => runs.activeOn(targetId)?.run.id ?? null,
  });
  faultsOfRuns.attach(faults);
  safety.revertsFaults(faults);
  const reconciled = faults.reconcile().catch((error) => complain('the fault journal could not be reconciled', error));
  undo.push(() => faults.shutdown());
  await Promise.race([reconciled, pause(RECONCILE_FIRST_MS)]);

  const cluster = parts.cluster ?? (ownCluster && (await embeddedCluster(settings, ownCluster, undo)));
  database.verify();
  const { targetPercent } = settings.runs;
  const targets = fixedCatalog([
    ...(cluster ? [clusterTarget(cluster, settings.embedded.targetPercent ?? targetPercent)] : []),
    ...settings.targets.map((entry) => urlTarget(entry, targetPercent)),
  ]);
  const connections = new Connections(connectionLimitsFor(settings.streams.maxClients));
  const metrics = new Metrics(targets, monotonic, { faults: faultSeries, wall: Date.now, connections });
  const scrapes = new SharedScrape(
    () => metrics.scrape(),
    () => performance.now(),
    SHARE_SCRAPE_MS
  );
  const scenarios = new ScenarioLibrary(builtIn(targetPercent), new SqliteScenarioStore(database), now, () =>
    randomUUID().slice(0, 8)
  );
  const reader = new ScenarioReader(settings.limits);
  undo.push(() => reader.close());
  const loop = new LoopDelay();
  undo.push(() => loop.stop());
  let draining = false;

  const proxies = ignoredProxies(process.env);
  if (proxies !== null && settings.targets.length > 0) log.warn(proxies);
  const runs = new RunService({
    store: new SqliteRunStore(database),
    targets,
    engine: parts.engine ?? new LoadEngine({ now }),
    execute: executeScenario,
    observer: observedByAll([metrics, faultsOfRuns, ...(parts.observer ? [parts.observer] : [])]),
    checkFaults: (targetId, { faults: plan }) => faults.checkPlan(targetId, plan ?? []),
    faults: (run) => faultsOfRuns.forRun(run),
    notices: ({ target }) => (target.kind === 'embedded' || proxies === null ? [] : [proxies]),
    // A built-in one asks for the balance that its target is judged by.
    scenario: (id, target) =>
      builtIn(targetPercentOf(target)).find((entry) => entry.id === id)?.scenario ?? scenarios.get(id).scenario,
    admit: () => {
      refuseNow();
      if (draining) throw new Refusal('not-ready', 'The service is shutting down.');
      const delayMs = loop.medianMs;
      if (delayMs > MAX_LOOP_DELAY_MS) {
        throw new Refusal(
          'overloaded',
          `The service is ${Math.round(delayMs)} ms behind; a run could not be measured now.`,
          {
            retryAfterSeconds: 10,
          }
        );
      }
    },
    newId: randomUUID,
    now,
    maxActive: settings.runs.maxActive,
    retention: { runs: settings.runs.keepRuns, days: settings.runs.keepDays },
    complain,
  });
  isBusy = () => runs.active().length > 0 || faults.open().length > 0;
  safety.stopsRuns(runs);
  const interrupted = runs.recover();
  if (interrupted.length > 0) log.warn({ runs: interrupted }, 'runs of the last process were interrupted');

  const streams = new EventStreams({ ...STREAM_LIMITS, maxClients: settings.streams.maxClients });
  const services: Services = {
    runs,
    faults,
    targets,
    scenarios,
    reader,
    safety,
    audit,
    streams,
    limits: settings.limits,
    version: VERSION,
    now,
    problems: () => [
      ...(draining ? ['The service is shutting down.'] : []),
      ...faults.problems(),
      // The file first: while it cannot be opened, all else can only wait.
      ...[database.check() ?? runs.storeProblem(), safety.problem()].filter((problem) => problem !== null),
    ],
    metrics: () => scrapes.scrape(),
    openMetrics: settings.auth.openMetrics,
  };
  const { auth, listen: where } = settings;
  const tokens = new TokenList([
    ...auth.tokens,
    ...auth.grafanaTokens.map((token, i) => ({ name: `grafana-${i + 1}`, token, role: 'from-grafana' as const })),
  ]);
  const routes = routeTable(services);
  // Made now, so that no request holds up the others for it.
  openApiDocument(routes, services.version);
  const authenticator = new Authenticator(tokens, settings.grafana ? new GrafanaIdentity(settings.grafana) : null);
  const server = boundedServer(
    createApp({
      routes,
      services,
      authenticator,
      origins: new OriginGuard([...where.allowedHosts, hostname()]),
      budgets: settings.rateLimits,
      log,
    }),
    comingThrough(routes, (request) => authenticator.hasToken(request), services.openMetrics),
    connections
  );
  const readiness = new ReadinessLog(log);
  // Asking for problems tries again what could not be written.
  const watch = () => {
    audit.retry();
    readiness.look(services.problems());
  };
  const retry = setInterval(watch, RETRY_WRITES_MS);
  undo.push(() => {
    clearInterval(retry);
    streams.close();
  });
  const port = await listen(server, where.host, where.port);
  undo.push(async () => {
    draining = true;
    log.info({ activeRuns: runs.active().length }, 'shutting down');
    await faults.shutdown();
    await runs.drain(settings.drainSeconds * 1000);
    safety.problem();
    audit.retry();
    streams.close();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 500).unref();
    await closed;
  });
  const url = `http://${where.host.includes(':') && !where.host.startsWith('[') ? `[${where.host}]` : where.host}:${port}`;
  log.info({ url, targets: targets.list().length, open: tokens.isEmpty }, 'serving');
  watch();
  return { url, port, runs, close };
}

async function embeddedCluster(
  settings: Settings,
  place: StartingCluster,
  undo: (() => unknown)[]
): Promise<DefaultCluster> {
  const cluster = await EmbeddedCluster.start(embeddedOptions(settings.embedded.options));
  undo.push(() => cluster.stop());
  place.isUp(cluster);
  return cluster;
}

const builtIn = (targetPercent: number) =>
  builtinScenarios(targetPercent).map(({ id, scenario }) => ({ id, scenario: scenarioSchema.parse(scenario) }));

const EMBEDDED = { id: 'embedded', name: 'Embedded cluster' } as const;

function clusterTarget(cluster: DefaultCluster, targetPercent: number): KnownTarget {
  return {
    target: {
      ...EMBEDDED,
      kind: 'embedded',
      url: `${cluster.url}/`,
      attribution: { header: POD_HEADER, upstreamHeader: UPSTREAM_HEADER },
      balancer: cluster.description,
      targetPercent,
    },
    directory: cluster,
    allowedNetworks: ['127.0.0.0/8'],
  };
}

type Faultable = PodDirectory & FaultableCluster;

const isFaultable = (cluster: DefaultCluster | Faultable): cluster is Faultable =>
  cluster.injectFault !== undefined && cluster.clearFault !== undefined && cluster.onEvent !== undefined;

function clusterPlace(cluster: Faultable): FaultPlace {
  const driver = new EmbeddedFaultDriver(cluster);
  return { targetId: EMBEDDED.id, targetName: EMBEDDED.name, directory: cluster, driver };
}

function urlTarget(settings: TargetSettings, usualTargetPercent: number): KnownTarget {
  const { id, url, attribution, balancer, targetPercent = usualTargetPercent } = settings;
  return {
    target: {
      id,
      name: settings.name ?? parseTargetUrl(url).authority,
      kind: 'url',
      url,
      attribution,
      balancer,
      targetPercent,
    },
    directory: listedPods(settings.pods),
    // The settings were checked: a host name without networks was refused there.
    allowedNetworks: allowedNetworks(settings) ?? [],
  };
}
