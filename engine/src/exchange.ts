import { isExpected } from '@evenkeel/contract/expectation';
import type { Failure } from '@evenkeel/contract/failures';
import { MAX_EXAMPLE_LENGTH } from '@evenkeel/contract/limits';
import type { ConnectionSettings, ScenarioRequest } from '@evenkeel/contract/scenario';
import { seen } from '@evenkeel/contract/unseenText';
import type { Channel } from './channel.ts';
import { SpreadSums } from './connectionSpread.ts';
import { DeadlineList } from './deadlineList.ts';
import { endingOfFailure, FIRST_FAILURE, type SeenEnding } from './endings.ts';
import { OUTCOME_INDEX, outcomeOfFailure } from './failures.ts';
import { NO_POD, type PodAttribution } from './podAttribution.ts';
import { SecondCounters } from './secondCounters.ts';
import type { Transport } from './transport.ts';
import { type ConnectionOwner, TcpConnection, VirtualConnection } from './virtualConnection.ts';

/** How often a request goes out again that the peer says it did not process; then it counts as reset. */
const MAX_REPEATS = 3;
/** May go out again when nobody knows whether they arrived (RFC 9110 §9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);

/** Milliseconds since the load began. */
export type Clock = () => number;

export interface ExchangeSettings {
  readonly connections: ConnectionSettings;
  /** The requests of the run, in their order. */
  readonly requests: readonly Pick<ScenarioRequest, 'timeoutMs' | 'expect' | 'method'>[];
  /** How many the target has. */
  readonly addresses: number;
  /** When counting starts, in milliseconds since the load began: requests meant for before are not in the spread. */
  readonly measuredFromMs: number;
}

/** Told when a channel is free again; `unreachable` when the target could not even be connected to. */
export type Finished = (channel: Channel, now: number, unreachable: boolean) => void;

/**
 * Sends requests over channels and counts how they end. Keeps the deadlines and the connection policy; when to send is
 * its driver's business.
 */
export class Exchange implements ConnectionOwner {
  readonly counters: SecondCounters;
  readonly spread = new SpreadSums();
  openConnections = 0;
  readonly #transport: Transport;
  readonly #attribution: PodAttribution;
  readonly #settings: ExchangeSettings;
  readonly #maxRequests: number;
  readonly #maxAgeMs: number;
  readonly #clock: Clock;
  readonly #virtuals: VirtualConnection[] = [];
  /** What is in flight, by request: requests with one timeout expire in the order of their intended send times. */
  readonly #flying: readonly DeadlineList<Channel>[];
  readonly #nextRequest: () => number;
  /** Outcome of each status, by request. */
  readonly #outcomes: readonly Uint8Array[];
  readonly #endingsSeen = new Set<number>();
  #seen: SeenEnding[] = [];
  #finished: Finished = () => {};

  /** `nextRequest` draws which request of the run is sent next. */
  constructor(
    transport: Transport,
    attribution: PodAttribution,
    settings: ExchangeSettings,
    clock: Clock,
    nextRequest: () => number = () => 0
  ) {
    this.#transport = transport;
    this.#attribution = attribution;
    this.#settings = settings;
    const { policy, maxRequests, maxAgeSeconds } = settings.connections;
    this.#maxRequests = policy === 'per-request' ? 1 : (maxRequests ?? Number.POSITIVE_INFINITY);
    this.#maxAgeMs =
      policy === 'per-request' ? Number.POSITIVE_INFINITY : (maxAgeSeconds ?? Number.POSITIVE_INFINITY) * 1000;
    this.#clock = clock;
    this.#nextRequest = nextRequest;
    this.counters = new SecondCounters(settings.addresses);
    this.#flying = settings.requests.map(() => new DeadlineList<Channel>());
    this.#outcomes = settings.requests.map(({ expect }) => outcomesByStatus(expect));
  }

  get inFlight(): number {
    let size = 0;
    for (const flying of this.#flying) size += flying.size;
    return size;
  }

  onFinished(listener: Finished): void {
    this.#finished = listener;
  }

  /** Channels over this many connections, made once by the run's driver. */
  channels(connections: number): Channel[] {
    const { streams } = this.#settings.connections;
    const channels: Channel[] = [];
    for (let index = 0; index < connections; index++) {
      const virtual = new VirtualConnection(index, connections, streams, this.#transport, this);
      this.#virtuals.push(virtual);
      for (const channel of virtual.channels) channels[channel.index] = channel;
    }
    return channels;
  }

  /** Closes every connection. Nothing may be in flight. */
  close(): void {
    for (const { connection } of this.#virtuals) connection.close();
  }

  /**
   * Sends a request over a free channel. `intended` is when it should have gone out, `ready` the earliest moment at
   * which the generator could have sent it (later than `intended` when a user waited for a connection).
   */
  send(channel: Channel, user: number, intended: number, ready: number): void {
    const now = this.#clock();
    channel.user = user;
    channel.intended = intended;
    channel.sent = now;
    channel.inFlight = true;
    channel.repeats = 0;
    channel.request = this.#nextRequest();
    this.#flying[channel.request]!.add(channel);
    this.counters.sent++;
    this.counters.lateness.record((now - ready) * 1000);
    this.#dispatch(channel, now);
  }

  #dispatch(channel: Channel, now: number): void {
    const { virtual } = channel;
    this.#retireIfSpent(virtual, now);
    const tcp = virtual.current;
    channel.carrier = tcp;
    const requests = tcp === null ? 1 : ++tcp.requests;
    virtual.connection.send(channel.slot, channel.request, requests >= this.#maxRequests);
  }

  /** A connection that has carried its requests or reached its age makes room for a new one. */
  #retireIfSpent(virtual: VirtualConnection, now: number): void {
    const tcp = virtual.current;
    if (tcp === null || (tcp.requests < this.#maxRequests && now - tcp.openedAt < this.#maxAgeMs)) return;
    virtual.connection.retire();
  }

  /** Ends the requests whose time is up. */
  expire(now: number): void {
    for (let request = 0; request < this.#flying.length; request++) this.#expire(now, request);
  }

  #expire(now: number, request: number): void {
    const flying = this.#flying[request]!;
    const { timeoutMs } = this.#settings.requests[request]!;
    for (let channel = flying.first; channel !== null; channel = flying.first) {
      if (now - channel.intended < timeoutMs) return;
      const connected = channel.carrier !== null;
      channel.virtual.connection.abandon(channel.slot);
      const missing = connected ? 'whole answer' : 'connection';
      this.#fail(channel, now, connected ? 'timeout' : 'connect-timeout', `no ${missing} within ${timeoutMs} ms`);
      this.#free(channel, now, !connected);
    }
  }

  /** Cancels what is in flight, whose age then is the least that it would have lasted; nobody is told that channels are free. */
  cancel(): void {
    const now = this.#clock();
    for (const flying of this.#flying) {
      for (let channel = flying.first; channel !== null; channel = flying.first) {
        this.counters.cancelled++;
        this.counters.addresses.count(channel.virtual.connection.addressOf(channel.slot), false);
        this.counters.cutOff.record((now - channel.intended) * 1000);
        this.#recordTimes(channel, now);
        flying.remove(channel);
        channel.inFlight = false;
        channel.virtual.connection.abandon(channel.slot);
      }
    }
  }

  onConnected(virtual: VirtualConnection): void {
    this.openConnections++;
    this.counters.connectionsOpened++;
    const tcp = new TcpConnection(this.#clock());
    virtual.current = tcp;
    for (const channel of virtual.channels) {
      if (!channel.inFlight || channel.carrier !== null) continue;
      channel.carrier = tcp;
      tcp.requests++;
    }
  }

  onClosed(virtual: VirtualConnection): void {
    this.openConnections--;
    virtual.current = null;
  }

  onResponse(channel: Channel, status: number, pod: string, upstream: string): void {
    const now = this.#clock();
    const outcome = this.#outcomes[channel.request]![status]!;
    this.#record(channel, now, status, outcome);
    this.#attribute(channel, now, status, outcome, pod, upstream);
    if (channel.carrier !== null) channel.carrier.answered = true;
    if (!this.#endingsSeen.has(status)) {
      const { answered } = this.#attribution;
      const name = answered === NO_POD ? null : this.#attribution.names[answered]!;
      this.#note(channel, status, this.#transport.statusLine(status), name);
    }
    this.#retireIfSpent(channel.virtual, now);
    this.#free(channel, now, false);
  }

  onFailure(channel: Channel, failure: Failure, detail: string): void {
    const now = this.#clock();
    if (failure === 'closed' && this.#mayResend(channel)) {
      this.counters.resent++;
      channel.repeats = MAX_REPEATS;
      channel.sent = now;
      this.#dispatch(channel, now);
      return;
    }
    const outcome = this.#fail(channel, now, failure, detail);
    this.#free(channel, now, outcome === OUTCOME_INDEX.connect || outcome === OUTCOME_INDEX.tls);
  }

  /**
   * A connection that had answered before and ended before any byte of this answer was most likely closed while the request was on its
   * way, unread: every client sends an idempotent request again then (RFC 9112 §9.3.1), once.
   */
  #mayResend({ carrier, repeats, request }: Channel): boolean {
    return carrier?.answered === true && repeats === 0 && IDEMPOTENT.has(this.#settings.requests[request]!.method);
  }

  onLocalRefusal(channel: Channel, code: string): void {
    const { counters } = this;
    // It never went out, so it is not the target's error. Sent may have been counted a second ago.
    if (counters.sent > 0) counters.sent--;
    counters.dropped++;
    counters.faults.set(code, (counters.faults.get(code) ?? 0) + 1);
    this.#free(channel, this.#clock(), true);
  }

  onUnprocessed(channel: Channel): void {
    if (channel.repeats++ < MAX_REPEATS) {
      this.counters.resent++;
      this.#dispatch(channel, this.#clock());
    } else this.onFailure(channel, 'unprocessed', `sent ${MAX_REPEATS + 1} times`);
  }

  /** Endings that were seen for the first time since the last call. */
  takeSeen(): SeenEnding[] {
    return this.#seen.splice(0);
  }

  #note(channel: Channel, ending: number, text: string, pod: string | null): void {
    this.#endingsSeen.add(ending);
    const address = channel.virtual.connection.addressOf(channel.slot);
    this.#seen.push({ ending, text: seen(text).slice(0, MAX_EXAMPLE_LENGTH).toWellFormed(), address, pod });
  }

  #fail(channel: Channel, now: number, failure: Failure, detail: string): number {
    const ending = endingOfFailure(failure);
    const outcome = outcomeOfFailure(failure);
    this.#record(channel, now, ending, outcome);
    if (!this.#endingsSeen.has(ending)) this.#note(channel, ending, detail, null);
    return outcome;
  }

  #record(channel: Channel, now: number, ending: number, outcome: number): void {
    const { counters } = this;
    counters.outcomes[outcome]!++;
    counters.endings.count(ending, outcome);
    counters.addresses.count(channel.virtual.connection.addressOf(channel.slot), ending < FIRST_FAILURE);
    this.#recordTimes(channel, now);
  }

  #recordTimes(channel: Channel, now: number): void {
    const { counters } = this;
    counters.response.record((now - channel.intended) * 1000);
    counters.service.record((now - channel.sent) * 1000);
  }

  #attribute(channel: Channel, now: number, status: number, outcome: number, pod: string, upstream: string): void {
    const { counters } = this;
    const attribution = this.#attribution;
    attribution.resolve(pod, upstream);
    const { answered, chosen } = attribution;
    if (attribution.retried) counters.retried++;
    if (answered !== NO_POD) {
      // A retry away from a pod that nobody knows: its share must not vanish.
      if (chosen === NO_POD) counters.unattributed++;
      counters.pods.respond(answered, outcome, (now - channel.intended) * 1000, (now - channel.sent) * 1000);
    } else if (chosen === NO_POD) {
      if (status >= 502 && status <= 504) counters.balancerErrors++;
      else counters.unattributed++;
    }
    if (chosen !== NO_POD) {
      counters.pods.decide(chosen);
      if (channel.intended >= this.#settings.measuredFromMs) this.spread.record(channel.carrier!.tally, chosen);
    }
  }

  #free(channel: Channel, now: number, unreachable: boolean): void {
    this.#flying[channel.request]!.remove(channel);
    channel.inFlight = false;
    this.#finished(channel, now, unreachable);
  }
}

/** The outcome of every status for a request that expects these. */
function outcomesByStatus(expect: ScenarioRequest['expect']): Uint8Array {
  return Uint8Array.from({ length: 1000 }, (_, status) => {
    if (isExpected(expect, status)) return OUTCOME_INDEX.ok;
    if (status >= 400 && status < 500) return OUTCOME_INDEX['http-4xx'];
    return status >= 500 && status < 600 ? OUTCOME_INDEX['http-5xx'] : OUTCOME_INDEX.unexpected;
  });
}
