import type { Socket } from 'node:net';
import type { Failure } from '@evenkeel/contract/failures';
import { newReadBuffer, type SocketOpener } from './connector.ts';
import { type FailureStage, failureDetail, failureOf, localFault } from './failures.ts';
import { http1Request } from './http1Request.ts';
import type { RequestPlan } from './requestPlan.ts';
import { ResponseParser } from './responseParser.ts';
import { StatusLines } from './statusLines.ts';
import type { Connection, ConnectionEvents, Transport } from './transport.ts';

/**
 * HTTP/1.1 straight on sockets: a request is one prepared run of bytes, the response is parsed where it was read, and
 * bodies are thrown away, so that a request allocates next to nothing.
 */
export class FastTransport implements Transport {
  readonly #shared: Shared;

  /** The plans of a mix go to the same destination and read the same headers. */
  constructor(plans: readonly RequestPlan[], connector: SocketOpener) {
    this.#shared = {
      connector,
      podHeader: plans[0]!.podHeader,
      upstreamHeader: plans[0]!.upstreamHeader,
      maxHeadBytes: plans[0]!.maxHeadBytes,
      lines: new StatusLines(),
      requests: plans.map((plan) => ({
        bytes: http1Request(plan, false),
        lastBytes: http1Request(plan, true),
        toHead: plan.method === 'HEAD',
      })),
      readBuffer: newReadBuffer(),
    };
  }

  connection(events: ConnectionEvents): Connection {
    return new FastConnection(this.#shared, events);
  }

  statusLine(status: number): string {
    return this.#shared.lines.of(status);
  }
}

interface PreparedRequest {
  readonly bytes: Buffer;
  /** The same, announcing `connection: close`. */
  readonly lastBytes: Buffer;
  readonly toHead: boolean;
}

interface Shared {
  readonly connector: SocketOpener;
  readonly podHeader: string;
  readonly upstreamHeader: string;
  readonly maxHeadBytes: number;
  readonly lines: StatusLines;
  readonly requests: readonly PreparedRequest[];
  readonly readBuffer: Buffer;
}

class FastConnection implements Connection {
  readonly #shared: Shared;
  readonly #events: ConnectionEvents;
  readonly #parser: ResponseParser;
  #socket: Socket | null = null;
  #address = -1;
  #connected = false;
  #busy = false;
  #request: PreparedRequest;
  #last = false;

  constructor(shared: Shared, events: ConnectionEvents) {
    const { podHeader, upstreamHeader, maxHeadBytes, lines, requests } = shared;
    this.#shared = shared;
    this.#events = events;
    this.#request = requests[0]!;
    this.#parser = new ResponseParser(podHeader, upstreamHeader, maxHeadBytes, lines);
  }

  send(_slot: number, request: number, last: boolean): void {
    this.#busy = true;
    this.#last = last;
    this.#request = this.#shared.requests[request]!;
    this.#parser.start(this.#request.toHead);
    if (this.#connected) this.#write();
    else if (this.#socket === null) this.#open();
  }

  abandon(): void {
    this.close();
  }

  addressOf(): number {
    return this.#address;
  }

  retire(): void {
    this.close();
  }

  close(): void {
    const socket = this.#socket;
    if (socket === null) return;
    const connected = this.#connected;
    this.#socket = null;
    this.#connected = false;
    this.#busy = false;
    socket.destroy();
    if (connected) this.#events.closed();
  }

  #write(): void {
    this.#socket!.write(this.#last ? this.#request.lastBytes : this.#request.bytes);
  }

  #open(): void {
    const { socket, address } = this.#shared.connector.open(
      (error, stage) => {
        if (socket !== this.#socket) return;
        if (error !== null) {
          this.#fail(error, stage);
          return;
        }
        this.#connected = true;
        this.#events.connected();
        this.#write();
      },
      {
        buffer: this.#shared.readBuffer,
        callback: (length, bytes) => {
          if (socket === this.#socket) this.#read(bytes as Buffer, length);
          return true;
        },
      }
    );
    this.#socket = socket;
    this.#address = address;
    socket.on('error', (error) => {
      if (socket === this.#socket && this.#connected) this.#fail(error, 'request');
    });
    const ended = () => {
      if (socket === this.#socket && this.#connected) this.#ended();
    };
    socket.on('end', ended);
    socket.on('close', ended);
  }

  #read(bytes: Buffer, length: number): void {
    // Nothing was asked: whatever this is, the connection is out of step.
    if (!this.#busy) {
      this.close();
      return;
    }
    const parser = this.#parser;
    const progress = parser.feed(bytes, length);
    if (progress === 'done') this.#respond(parser.head.keepAlive && !parser.excess);
    else if (progress === 'malformed') this.#finish(parser.failure, parser.detail);
  }

  #respond(reusable: boolean): void {
    const { status, pod, upstream } = this.#parser.head;
    this.#busy = false;
    // A response before the whole request was read leaves request bytes on the way.
    const sent = this.#socket!.writableLength === 0;
    if (!reusable || !sent) this.close();
    this.#events.responded(0, status, pod, upstream);
  }

  #ended(): void {
    if (!this.#busy) this.close();
    else if (this.#parser.finish()) this.#respond(false);
    else if (this.#parser.began) this.#finish('cut-short', 'the target ended the connection');
    else this.#finish('closed', 'the target ended the connection');
  }

  #fail(error: Error, stage: FailureStage): void {
    if (!this.#busy) {
      this.close();
      return;
    }
    const fault = localFault(error);
    if (fault === null) {
      this.#finish(failureOf(error, stage, this.#parser.began), failureDetail(error, stage));
    } else {
      this.close();
      this.#events.refusedLocally(0, fault);
    }
  }

  #finish(failure: Failure, detail: string): void {
    this.close();
    this.#events.failed(0, failure, detail);
  }
}
