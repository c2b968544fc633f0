import type { ServerResponse } from 'node:http';
import { Refusal } from '@evenkeel/contract/refusal';
import type { LiveEvent } from '../runs/liveEventRing.ts';

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

/** Something that gives its events to one reader, at once and from then on; returns how to leave. */
export type EventSource = (reader: { event(event: LiveEvent): void; end(): void }) => () => void;

/** All open event streams: bounded in number, kept alive, and cut when a reader does not keep up. */
export class EventStreams {
  readonly #limits: StreamLimits;
  readonly #open = new Set<ServerResponse>();
  readonly #heartbeat: NodeJS.Timeout;
  #dropped = 0;

  constructor(limits: StreamLimits) {
    this.#limits = limits;
    this.#heartbeat = setInterval(() => {
      for (const response of this.#open) this.#write(response, HEARTBEAT);
    }, limits.heartbeatMs).unref();
  }

  get count(): number {
    return this.#open.size;
  }

  /** Readers that were cut because they did not keep up. */
  get dropped(): number {
    return this.#dropped;
  }

  /** To be asked before the stream is opened: throws the refusal when there are too many. */
  refuseIfFull(): void {
    if (this.#open.size < this.#limits.maxClients) return;
    throw new Refusal(
      'too-many-streams',
      `${this.#limits.maxClients} event streams are open, which is the limit; ask for the run every few seconds instead.`,
      { retryAfterSeconds: 10 }
    );
  }

  /** Turns a response into an event stream and connects it to its source. */
  open(response: ServerResponse, source: EventSource): void {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // nginx and its kin would hold events back.
      'X-Accel-Buffering': 'no',
      Connection: 'keep-alive',
    });
    response.write(`retry: ${RETRY_MS}\n\n`);
    this.#open.add(response);
    let leave: (() => void) | undefined;
    response.on('close', () => {
      this.#open.delete(response);
      leave?.();
    });
    response.on('error', () => response.destroy());
    leave = source({ event: ({ frame }) => this.#write(response, frame), end: () => response.end() });
  }

  /** Ends every stream; their readers come back when the service does. */
  close(): void {
    clearInterval(this.#heartbeat);
    for (const response of this.#open) response.end();
  }

  #write(response: ServerResponse, frame: Buffer): void {
    if (response.writableEnded || response.destroyed) return;
    if (response.writableLength > this.#limits.maxWaitingBytes) {
      this.#dropped++;
      response.destroy();
      return;
    }
    response.write(frame);
  }
}
