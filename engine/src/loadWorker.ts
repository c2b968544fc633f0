import { performance } from 'node:perf_hooks';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { Random } from '@evenkeel/core/random/random';
import { RequestMix } from '@evenkeel/core/scenarios/requestMix';
import { ArrivalCursor } from '@evenkeel/core/schedule/arrivalCursor';
import { ArrivalSchedule } from '@evenkeel/core/schedule/arrivalSchedule';
import { UserSchedule } from '@evenkeel/core/schedule/userSchedule';
import { ClosedDriver } from './closedDriver.ts';
import { Connector } from './connector.ts';
import type { Driver } from './driver.ts';
import { Exchange } from './exchange.ts';
import { FastTransport } from './fastTransport.ts';
import { LoopWatch } from './loopWatch.ts';
import { OpenDriver } from './openDriver.ts';
import { PodAttribution } from './podAttribution.ts';
import { encodeSecond } from './secondCodec.ts';
import type { Transport } from './transport.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './workerMessages.ts';

/** Planned time between two looks at the schedule. */
const TICK_MS = 1;

/** One worker thread of the load engine: runs its share of the load and reports once a second. */
class LoadWorker {
  readonly #setup: WorkerSetup;
  readonly #port: MessagePort;
  readonly #attribution: PodAttribution;
  readonly #exchange: Exchange;
  readonly #driver: Driver;
  /** performance.now() at which the load begins. */
  #origin = 0;
  #watch = new LoopWatch(TICK_MS, 0);
  #timer: NodeJS.Timeout | null = null;
  /** The second that is being counted. */
  #second = 0;
  #namesTold = 0;
  /** When sending stops, and when draining does, in milliseconds since the begin. */
  #stopAt: number;
  #stopped = false;
  /** Users that ran in the second that is being counted. */
  #users = -1;

  constructor(setup: WorkerSetup, transport: Transport, port: MessagePort) {
    this.#setup = setup;
    this.#port = port;
    this.#attribution = new PodAttribution(
      setup.pods,
      setup.acceptUnknownPods,
      setup.requests[0]!.plan.podHeader !== ''
    );
    this.#exchange = new Exchange(
      transport,
      this.#attribution,
      {
        connections: setup.connections,
        requests: setup.requests.map(({ timeoutMs, expect, plan }) => ({ timeoutMs, expect, method: plan.method })),
        addresses: setup.requests[0]!.plan.addresses.length,
        measuredFromMs: setup.measuredFromSecond * 1000,
      },
      () => performance.now() - this.#origin,
      requestDrawer(setup)
    );
    this.#driver = driverFor(setup, this.#exchange);
    this.#stopAt = setup.durationSeconds * 1000;
    port.on('message', (message: ToWorker) => this.#onMessage(message));
    this.#tell({ kind: 'ready' });
  }

  #onMessage(message: ToWorker): void {
    switch (message.kind) {
      case 'begin':
        this.#origin = message.at - performance.timeOrigin;
        this.#timer = setTimeout(() => this.#begin(), Math.max(1, this.#origin - performance.now()));
        return;
      case 'accept':
        this.#attribution.accept(message.pods);
        return;
      case 'stop':
        this.#stopAt = Math.min(this.#stopAt, Math.max(0, performance.now() - this.#origin));
        return;
      case 'abort':
        this.#stopAt = 0;
        if (this.#timer === null) this.#end();
        else this.#abort();
    }
  }

  #begin(): void {
    const now = performance.now() - this.#origin;
    this.#watch = new LoopWatch(TICK_MS, now);
    this.#driver.countUntil(1000);
    this.#timer = setTimeout(() => this.#tick(), TICK_MS);
  }

  #tick(): void {
    const now = performance.now() - this.#origin;
    this.#watch.tick(now);
    for (let end = (this.#second + 1) * 1000; now >= end; end += 1000) {
      // What was due before the border belongs to the second before it, even when this tick came late.
      this.#work(Math.min(end, now));
      this.#report();
      this.#second++;
      this.#driver.countUntil(end + 1000);
    }
    this.#work(now);
    if (this.#stopped) {
      const drained = this.#exchange.inFlight === 0;
      if (drained || now >= this.#stopAt + this.#setup.drainSeconds * 1000) {
        this.#abort();
        return;
      }
    }
    this.#timer!.refresh();
  }

  #work(now: number): void {
    this.#exchange.expire(now);
    if (this.#stopped) return;
    this.#driver.advance(Math.min(now, this.#stopAt));
    this.#users = this.#driver.users;
    if (now < this.#stopAt) return;
    this.#driver.stop();
    this.#stopped = true;
  }

  #abort(): void {
    this.#driver.stop();
    this.#exchange.cancel();
    if (!this.#exchange.counters.empty) this.#report();
    this.#end();
  }

  #end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#exchange.close();
    const { connections, pinned, reused, n, squaredSizes, totals, squares } = this.#exchange.spread;
    this.#tell({
      kind: 'end',
      spread: { connections, pinned, reused, n, squaredSizes, totals, squares },
      newPods: this.#newPods(),
    });
    this.#port.close();
  }

  #report(): void {
    const { counters, inFlight, openConnections } = this.#exchange;
    const loop = this.#watch.take();
    const data = encodeSecond(counters, {
      inFlight,
      users: this.#users,
      openConnections,
      utilisation: loop.utilisation,
      loopDelayP99Ms: loop.delayP99Ms,
      longestPauseMs: loop.longestPauseMs,
    });
    const message: FromWorker = {
      kind: 'second',
      second: this.#second,
      data,
      newPods: this.#newPods(),
      faults: [...counters.faults],
      seen: this.#exchange.takeSeen(),
    };
    this.#port.postMessage(message, [data.buffer]);
    counters.reset();
    this.#users = this.#driver.users;
  }

  #newPods(): readonly string[] {
    const { names } = this.#attribution;
    const fresh = names.slice(this.#namesTold);
    this.#namesTold = names.length;
    return fresh;
  }

  #tell(message: FromWorker): void {
    this.#port.postMessage(message);
  }
}

/** Always the only request, or one of the mix by its weight. */
function requestDrawer({ requests, seed, worker }: WorkerSetup): () => number {
  if (requests.length === 1) return () => 0;
  const weights = requests.map(({ weight }) => weight);
  const mix = new RequestMix(weights, new Random(seed, worker));
  return () => mix.next();
}

async function transportFor({ transport, requests, worker }: WorkerSetup): Promise<Transport> {
  const plans = requests.map(({ plan }) => plan);
  const connector = new Connector(plans[0]!, worker);
  if (transport === 'fast') return new FastTransport(plans, connector);
  // Loaded only where they are used; undici takes longer to load than the whole rest of a worker.
  if (transport === 'http2') {
    const { Http2Transport } = await import('./http2/http2Transport.ts');
    return new Http2Transport(plans, connector);
  }
  const { UndiciTransport } = await import('./undiciTransport.ts');
  return new UndiciTransport(plans, connector);
}

function driverFor(setup: WorkerSetup, exchange: Exchange): Driver {
  const { load, worker, workers, connectionShare, requests, connections } = setup;
  if (load.model === 'rate') {
    const cursor = new ArrivalCursor(new ArrivalSchedule(load.stages), worker, workers);
    return new OpenDriver(exchange, cursor, connectionShare);
  }
  return new ClosedDriver(exchange, {
    schedule: new UserSchedule(load),
    worker,
    workers,
    thinkTimeMs: load.thinkTimeMs,
    // A user does not know yet which request it waits to send; the most patient one decides how long.
    timeoutMs: Math.max(...requests.map(({ timeoutMs }) => timeoutMs)),
    sharedConnections: connections.policy === 'per-user' ? null : connectionShare,
  });
}

if (parentPort !== null) {
  const setup = workerData as WorkerSetup;
  new LoadWorker(setup, await transportFor(setup), parentPort);
}
