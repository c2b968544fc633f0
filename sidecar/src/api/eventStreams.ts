import type { ServerResponse } from 'node:http';
import { Refusal } from '@evenkeel/contract/refusal';
import { loopTurn } from '../pacing/loopTurn.ts';
import type { LiveEvent } from '../runs/liveEventRing.ts';
import { WAITS_FOR_PEER } from './connectionLimits.ts';

/** Milliseconds after which a browser's EventSource comes back. */
const RETRY_MS = 2000;
const HEARTBEAT = Buffer.from(': heartbeat\n\n');

export interface StreamLimits {
  readonly maxClients: number;
  readonly heartbeatMs: number;
  /** Bytes that may wait for one reader. Frames are shared, so they are in memory once for all readers. */
  readonly maxWaitingBytes: number;
}

export const STREAM_LIMITS: StreamLimits = { maxClients: 250, heartbeatMs: 15_000, maxWaitingBytes: 4 * 1024 * 1024 };

export interface StreamReader {
  event(event: LiveEvent): void;
  end(): void;
}

/** Something that gives its events to one reader, at once and from then on; returns how to leave. */
export type EventSource = (reader: StreamReader) => () => void;

/** Bytes and frames that are written in one turn of the event loop, about. */
const TURN_BYTES = 1024 * 1024;
const TURN_FRAMES = 100;

interface Reader {
  /** Who reads. */
  readonly subject: string;
  /** Bytes of frames that wait for their turn. */
  queued: number;
  /** Bytes that had gone out at the last heartbeat. */
  sent: number;
}

/** A frame on its way to one reader; null ends the stream. */
interface Delivery {
  readonly response: ServerResponse;
  readonly frame: Buffer | null;
}

/**
 * All open event streams: bounded in number, kept alive, and cut when a reader does not keep up. When all are taken, whoever has most
 * of them gives one up to somebody who has fewer. Frames for many readers go out over several turns of the event loop.
 */
export class EventStreams {
  readonly #limits: StreamLimits;
  /** The one that is open longest first. */
  readonly #open = new Map<ServerResponse, Reader>();
  readonly #heartbeat: NodeJS.Timeout;
  #deliveries: Delivery[] = [];
  #delivering = false;
  #dropped = 0;

  constructor(limits: StreamLimits) {
    this.#limits = limits;
    this.#heartbeat = setInterval(() => this.#beat(), limits.heartbeatMs).unref();
  }

  get count(): number {
    return this.#open.size;
  }

  /** Readers that were cut because they did not keep up, or had most of the streams when somebody else needed one. */
  get dropped(): number {
    return this.#dropped;
  }

  /** To be asked before a stream is opened: throws the refusal when there are too many, unless somebody else has more than his share. */
  refuseIfFull(subject: string): void {
    if (this.#open.size < this.#limits.maxClients) return;
    const greediest = this.#greediest();
    if (greediest.length > 1 + this.#streamsOf(subject).length) {
      this.#cut(greediest[0]!);
      return;
    }
    throw new Refusal(
      'too-many-streams',
      `${this.#limits.maxClients} event streams are open, which is the limit; ask for the run every few seconds instead.`,
      { retryAfterSeconds: 10 }
    );
  }

  /** Turns a response into an event stream and connects it to its source. */
  open(response: ServerResponse, subject: string, source: EventSource): void {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // nginx and its kin would hold events back.
      'X-Accel-Buffering': 'no',
      Connection: 'keep-alive',
    });
    response.write(`retry: ${RETRY_MS}\n\n`);
    this.#open.set(response, { subject, queued: 0, sent: 0 });
    let leave: (() => void) | undefined;
    response.on('close', () => {
      this.#open.delete(response);
      leave?.();
    });
    response.on('drain', () => response.emit(WAITS_FOR_PEER, false));
    response.on('error', () => response.destroy());
    leave = source({
      event: ({ frame }) => this.#deliver(response, frame),
      end: () => this.#deliver(response, null),
    });
  }

  /** Ends every stream; their readers come back when the service does. */
  close(): void {
    clearInterval(this.#heartbeat);
    for (const response of this.#open.keys()) response.end();
  }

  #deliver(response: ServerResponse, frame: Buffer | null): void {
    const reader = this.#open.get(response);
    if (reader === undefined) return;
    if (response.writableLength + reader.queued > this.#limits.maxWaitingBytes) {
      this.#cut(response);
      return;
    }
    reader.queued += frame?.length ?? 0;
    this.#deliveries.push({ response, frame });
    if (!this.#delivering) void this.#deliverAll();
  }

  async #deliverAll(): Promise<void> {
    this.#delivering = true;
    while (this.#deliveries.length > 0) {
      const batch = this.#deliveries;
      this.#deliveries = [];
      let bytes = 0;
      for (const [i, { response, frame }] of batch.entries()) {
        if (bytes > TURN_BYTES || i % TURN_FRAMES === TURN_FRAMES - 1) {
          await loopTurn();
          bytes = 0;
        }
        bytes += frame?.length ?? 0;
        this.#write(response, frame);
      }
      await loopTurn();
    }
    this.#delivering = false;
  }

  #write(response: ServerResponse, frame: Buffer | null): void {
    const reader = this.#open.get(response);
    if (reader === undefined || response.writableEnded) return;
    reader.queued -= frame?.length ?? 0;
    if (frame === null) response.end();
    else if (!response.write(frame)) response.emit(WAITS_FOR_PEER, true);
  }

  /** Keeps quiet streams alive, and cuts those whose readers took nothing of what waits for them since the last time. */
  #beat(): void {
    for (const [response, reader] of this.#open) {
      const waiting = response.writableLength;
      const sent = (response.socket?.bytesWritten ?? 0) - waiting;
      if (waiting > 0 && sent === reader.sent) this.#cut(response);
      else this.#deliver(response, HEARTBEAT);
      reader.sent = sent;
    }
  }

  #cut(response: ServerResponse): void {
    this.#dropped++;
    this.#open.delete(response);
    response.destroy();
  }

  #streamsOf(subject: string): ServerResponse[] {
    return [...this.#open].flatMap(([response, reader]) => (reader.subject === subject ? [response] : []));
  }

  /** The streams of whoever has most. */
  #greediest(): ServerResponse[] {
    const bySubject = Map.groupBy(this.#open, ([, { subject }]) => subject);
    const largest = [...bySubject.values()].sort((a, b) => b.length - a.length)[0] ?? [];
    return largest.map(([response]) => response);
  }
}
