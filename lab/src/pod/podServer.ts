import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Server as TcpServer } from 'node:net';
import { Random } from '@evenkeel/core/random/random';
import { Blackhole } from './blackhole.ts';
import { faultProblem, PodFaults } from './podFaults.ts';
import type { PodCommand, PodFault, PodReport, PodSettings } from './podMessages.ts';
import { ServiceClock } from './serviceClock.ts';
import { ServiceSlots } from './serviceSlots.ts';
import { drawServiceTime } from './serviceTime.ts';

const HOST = '127.0.0.1';
const BACKLOG = 4096;
/** Longer than any balancer keeps an idle connection, so that a request never meets a connection that is just closing. */
const KEEP_ALIVE_MS = 300_000;

/** One pod: an HTTP/1.1 server with a service time, a concurrency limit, a queue, readiness and faults. */
export class PodServer {
  readonly #settings: PodSettings;
  readonly #report: (report: PodReport) => void;
  readonly #random: Random;
  readonly #server: Server;
  readonly #slots: ServiceSlots;
  readonly #clock: ServiceClock;
  readonly #faults: PodFaults;
  readonly #body: Buffer;
  #answered = 0;
  #connections = 0;
  #ready = false;
  /** Answers that a freeze holds back. */
  #held: (() => void)[] = [];
  /** While connecting times out: settles when the pod listens again. */
  #away: Promise<void> | null = null;
  #blackhole: Blackhole | null = null;
  /** Id of the fault for which a black hole is being opened. */
  #opening: string | null = null;
  #cpu = process.cpuUsage();
  #cpuAt = performance.now();

  constructor(settings: PodSettings, report: (report: PodReport) => void) {
    this.#settings = settings;
    this.#report = report;
    this.#random = new Random(settings.seed);
    this.#slots = new ServiceSlots(settings.concurrency, settings.queue);
    this.#clock = new ServiceClock(this.#slots);
    this.#faults = new PodFaults(
      () => this.#faultsChanged(),
      (id) => this.#reportEnded(id, 'expired')
    );
    this.#body = Buffer.from(`${settings.name}\n`);
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, (request, response) =>
      this.#serve(request, response)
    );
    this.#server.on('connection', (socket) => {
      this.#connections++;
      socket.on('close', () => this.#connections--);
    });
  }

  /** Listens on the wanted port, or on any other when that one is taken. */
  listen(): void {
    const ready = () => {
      const address = this.#server.address();
      if (address === null || typeof address === 'string') return;
      this.#report({ type: 'listening', port: address.port });
      this.#faultsChanged();
    };
    this.#server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' && this.#settings.port !== 0) {
        this.#server.listen({ port: 0, host: this.#settings.host ?? HOST, backlog: BACKLOG });
      } else {
        this.#report({ type: 'failed', message: error.message });
        process.exit(1);
      }
    });
    this.#server.on('listening', ready);
    this.#server.listen({ port: this.#settings.port, host: this.#settings.host ?? HOST, backlog: BACKLOG });
  }

  command(command: PodCommand): void {
    if (command.type === 'stop') process.exit(0);
    if (command.type === 'clear') {
      const opening = this.#opening === command.id;
      if (opening) this.#opening = null;
      this.#reportEnded(command.id, this.#faults.remove(command.id) || opening ? 'cleared' : 'unknown');
      return;
    }
    const { fault } = command;
    const problem = faultProblem(fault);
    if (problem !== null) {
      this.#report({ type: 'fault', id: fault.id, state: 'refused', reason: problem });
      return;
    }
    if (fault.kind === 'crash') process.kill(process.pid, 'SIGKILL');
    if (fault.kind === 'freeze' && fault.connects === 'time-out') {
      void this.#vanish(fault);
      return;
    }
    this.#begin(fault);
  }

  #begin(fault: PodFault): void {
    this.#faults.add(fault);
    if (fault.kind === 'freeze' && fault.existing === 'cut') this.#server.closeAllConnections();
    this.#report({ type: 'fault', id: fault.id, state: 'active', reason: 'injected' });
  }

  /** Lets connecting time out from now on, and begins the freeze when it does. */
  async #vanish(fault: PodFault): Promise<void> {
    const address = this.#server.address();
    if (this.#away !== null || address === null || typeof address === 'string') {
      this.#report({ type: 'fault', id: fault.id, state: 'refused', reason: 'it cannot be reached already' });
      return;
    }
    const askedAt = performance.now();
    this.#opening = fault.id;
    let back = () => {};
    this.#away = new Promise((resolve) => {
      back = resolve;
    });
    const listenAgain = () => {
      this.#blackhole = null;
      this.#away = null;
      if (this.#server.listening) back();
      else this.#server.listen({ port: address.port, host: this.#settings.host ?? HOST, backlog: BACKLOG }, back);
    };
    // http.Server.close would also end idle connections; whether they are cut is the fault's choice.
    const leave = () => TcpServer.prototype.close.call(this.#server);
    try {
      this.#blackhole = await Blackhole.open(HOST, address.port, fault.ttlMs, leave);
    } catch (error) {
      listenAgain();
      this.#report({ type: 'fault', id: fault.id, state: 'refused', reason: (error as Error).message });
      return;
    }
    void this.#blackhole.over.then(listenAgain);
    if (this.#opening === null) {
      this.#blackhole.close();
      this.#report({ type: 'fault', id: fault.id, state: 'refused', reason: 'it was cleared meanwhile' });
      return;
    }
    this.#opening = null;
    this.#begin({ ...fault, ttlMs: Math.max(1, fault.ttlMs - (performance.now() - askedAt)) });
  }

  /** Says that a fault is over, as soon as the pod can be reached again. */
  #reportEnded(id: string, reason: string): void {
    const say = () => this.#report({ type: 'fault', id, state: 'ended', reason });
    const closing = this.#opening === null && this.#faults.of('freeze').length === 0;
    if (this.#away !== null && closing) void this.#away.then(say);
    else say();
  }

  /** Sends the figures of the time since the last call. */
  reportFigures(): void {
    const cpu = process.cpuUsage(this.#cpu);
    const now = performance.now();
    this.#report({
      type: 'stats',
      requests: this.#answered,
      activeConnections: this.#connections,
      inService: this.#slots.inService,
      queued: this.#slots.queued,
      cpuCores: (cpu.user + cpu.system) / 1000 / Math.max(1, now - this.#cpuAt),
      memoryBytes: process.memoryUsage.rss(),
    });
    this.#cpu = process.cpuUsage();
    this.#cpuAt = now;
  }

  #faultsChanged(): void {
    const ready = this.#faults.of('not-ready').length === 0;
    if (ready !== this.#ready) {
      this.#ready = ready;
      this.#report({ type: 'ready', ready });
    }
    const frozen = this.#faults.of('freeze').length > 0;
    if (!frozen) this.#blackhole?.close();
    if (this.#held.length > 0 && !frozen) {
      const held = this.#held;
      this.#held = [];
      for (const answer of held) answer();
    }
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    if (request.url === '/readyz') {
      this.#answer(response, this.#ready ? 200 : 503, false);
      return;
    }
    if (this.#faults.none) {
      this.#work(response);
      return;
    }
    let delay = 0;
    for (const fault of this.#faults.of('latency')) {
      delay += fault.delayMs + fault.jitterMs * (2 * this.#random.next() - 1);
    }
    const fault = this.#faults.of('errors').find(({ ratio }) => this.#random.next() < ratio);
    const next = () => (fault ? this.#answer(response, fault.status, true) : this.#work(response));
    if (delay > 0) setTimeout(next, delay);
    else next();
  }

  #work(response: ServerResponse): void {
    const workMs = drawServiceTime(this.#settings.serviceTime, this.#random) / this.#settings.capacity;
    const cancel = this.#slots.arrive({ workMs, done: () => this.#answer(response, 200, true) }, performance.now());
    if (cancel === null) {
      this.#answer(response, 503, true);
      return;
    }
    response.on('close', cancel);
    this.#clock.turn();
  }

  #answer(response: ServerResponse, status: number, counts: boolean): void {
    if (!this.#faults.none && this.#faults.of('freeze').length > 0) {
      this.#held.push(() => this.#answer(response, status, counts));
      return;
    }
    if (response.destroyed) return;
    if (counts) this.#answered++;
    response.writeHead(status, [
      'X-Evenkeel-Pod',
      this.#settings.name,
      'Content-Type',
      'text/plain',
      'Content-Length',
      String(this.#body.length),
    ]);
    response.end(this.#body);
  }
}
