import type { Socket } from 'node:net';
import type { Failure } from '@evenkeel/contract/failures';
import type { SocketOpener } from '../connector.ts';
import { type FailureStage, failureDetail, failureOf, localFault } from '../failures.ts';
import type { ConnectionEvents } from '../transport.ts';
import { BodySender } from './bodySender.ts';
import { FrameReader } from './frameReader.ts';
import {
  CLIENT_PREFACE,
  ERROR_CODE,
  FLAG,
  FRAME,
  FRAME_HEAD_BYTES,
  frame,
  GO_AWAY,
  LARGEST_WINDOW,
  numberFrame,
  SETTING,
  SETTINGS_ACK,
} from './frames.ts';
import { HeaderBlocks } from './headerBlocks.ts';
import { Outbox } from './outbox.ts';
import type { PreparedRequest } from './preparedRequest.ts';
import type { ResponseHeaders } from './responseHeaders.ts';
import { Stream } from './stream.ts';

/** The connection's window is opened again when this much of it was used. */
const WINDOW_STEP = 2 ** 30;
/** Behind this stream a new connection is due. */
const LAST_STREAM = 2 ** 31 - 3;

/** Who is told how the session itself fares; about requests, the events of the virtual connection are. */
export interface SessionOwner {
  /** The peer speaks HTTP/2 and has said how much it takes. */
  ready(session: Session): void;
  /** It takes no more requests, but finishes those in flight: the peer says goodbye. */
  leaving(session: Session): void;
  /** The TCP connection is gone. `wasReady`: `ready` was told before. Requests in flight are told about next. */
  ended(session: Session, wasReady: boolean): void;
}

/** What all sessions of a thread share. */
export interface SessionShared {
  readonly connector: SocketOpener;
  readonly requests: readonly PreparedRequest[];
  readonly headers: ResponseHeaders;
  readonly maxHeadBytes: number;
  readonly readBuffer: Buffer;
}

/** One TCP connection that speaks HTTP/2: requests go out in streams, one for each slot at a time. */
export class Session {
  readonly #shared: SessionShared;
  readonly #owner: SessionOwner;
  readonly #events: ConnectionEvents;
  readonly #socket: Socket;
  /** Which of the target's addresses it goes to. */
  readonly address: number;
  readonly #reader = new FrameReader({
    onFrame: (type, flags, stream, bytes, from, to) => this.#onFrame(type, flags, stream, bytes, from, to),
    onData: (stream, bytes, padding) => this.#onData(stream, bytes, padding),
    onDataEnd: (stream, last) => this.#onDataEnd(stream, last),
  });
  readonly #blocks: HeaderBlocks;
  readonly #outbox: Outbox;
  readonly #bodies: BodySender;
  readonly #streams = new Map<number, Stream>();
  readonly #bySlot: (Stream | undefined)[] = [];
  #stage: FailureStage = 'connecting';
  #ready = false;
  #ended = false;
  #retired = false;
  #nextStream = 1;
  /** What the peer allows. */
  #maxStreams = Number.POSITIVE_INFINITY;
  #received = 0;

  constructor(shared: SessionShared, owner: SessionOwner, events: ConnectionEvents) {
    this.#shared = shared;
    this.#owner = owner;
    this.#events = events;
    this.#blocks = new HeaderBlocks(shared.maxHeadBytes, (stream, last, bytes, from, to) =>
      this.#onBlock(stream, last, bytes, from, to)
    );
    const opened = shared.connector.open((error, stage) => this.#onOpened(error, stage), {
      buffer: shared.readBuffer,
      callback: (length, bytes) => {
        if (!this.#ended && !this.#reader.feed(bytes as Buffer, length)) this.#endBroken();
        return true;
      },
    });
    this.#socket = opened.socket;
    this.address = opened.address;
    this.#outbox = new Outbox(this.#socket);
    this.#bodies = new BodySender(this.#outbox, this.#streams);
    this.#socket.on('error', (error) => {
      if (this.#stage === 'request') this.#fail(error, 'request');
    });
    const closed = () => {
      if (this.#stage !== 'request') return;
      if (this.#ready) this.#end(null, 'the target ended the connection');
      else this.#end('http2-protocol', 'the target ended the connection before it said that it speaks HTTP/2');
    };
    this.#socket.on('end', closed);
    this.#socket.on('close', closed);
  }

  /** Sends now, or as soon as the session is ready. */
  send(slot: number, request: number): void {
    const stream = new Stream(slot, this.#shared.requests[request]!);
    this.#bySlot[slot] = stream;
    if (this.#ready) this.#start(stream);
  }

  /** Gives the request in the slot up. */
  abandon(slot: number): void {
    const stream = this.#bySlot[slot];
    if (stream === undefined) return;
    this.#forget(stream);
    if (stream.id > 0) this.#outbox.write(numberFrame(FRAME.resetStream, stream.id, ERROR_CODE.cancel));
    // Nobody waits for this connection any longer.
    if (!this.#ready && this.#idle) this.close();
    else this.#closeIfDone();
  }

  /** Takes no further request, and closes when nothing is in flight. */
  retire(): void {
    this.#retired = true;
    this.#closeIfDone();
  }

  /** Closes at once; what is in flight is forgotten. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#outbox.close();
    this.#bySlot.length = 0;
    this.#streams.clear();
    this.#socket.destroy();
    this.#owner.ended(this, this.#ready);
  }

  get #idle(): boolean {
    return this.#bySlot.every((stream) => stream === undefined);
  }

  #onOpened(error: Error | null, stage: FailureStage): void {
    if (this.#ended) return;
    if (error !== null) {
      this.#fail(error, stage);
      return;
    }
    this.#stage = 'request';
    this.#socket.write(CLIENT_PREFACE);
  }

  #start(stream: Stream): void {
    if (this.#streams.size >= this.#maxStreams) {
      // It would have to wait without anybody seeing it.
      this.#forget(stream);
      queueMicrotask(() => this.#events.refusedLocally(stream.slot, 'HTTP2_STREAMS'));
      return;
    }
    const { head, firstHead } = stream.request;
    stream.id = this.#nextStream;
    this.#nextStream += 2;
    this.#streams.set(stream.id, stream);
    this.#outbox.writeFor(stream.id, stream.id === 1 ? firstHead : head);
    this.#bodies.begin(stream);
    if (stream.id >= LAST_STREAM) {
      this.#retired = true;
      this.#owner.leaving(this);
    }
  }

  #onFrame(type: number, flags: number, id: number, bytes: Buffer, from: number, to: number): boolean {
    if (this.#ended) return false;
    // Nothing may come between the frames of a header block, and nothing before the settings.
    const { unfinished } = this.#blocks;
    if (unfinished > 0 && (type !== FRAME.continuation || id !== unfinished)) return false;
    if (!this.#ready && type !== FRAME.settings) return false;
    switch (type) {
      case FRAME.headers:
        return this.#known(id) && this.#blocks.onHeaders(flags, id, bytes, from, to);
      case FRAME.continuation:
        return this.#blocks.onContinuation(flags, bytes, from, to);
      case FRAME.settings:
        return this.#onSettings(flags, id, bytes, from, to);
      case FRAME.resetStream:
        return to - from === 4 && this.#onReset(id, bytes.readUInt32BE(from));
      case FRAME.goAway:
        return to - from >= 8 && this.#onGoAway(bytes.readUInt32BE(from) & LARGEST_WINDOW);
      case FRAME.windowUpdate:
        return to - from === 4 && this.#onWindowUpdate(id, bytes.readUInt32BE(from) & LARGEST_WINDOW);
      case FRAME.ping:
        return to - from === 8 && this.#onPing(flags, bytes, from, to);
      case FRAME.pushPromise:
        return false;
      default:
        return true;
    }
  }

  #onBlock(id: number, last: boolean, bytes: Buffer, from: number, to: number): void {
    const stream = this.#streams.get(id);
    // Given up a moment ago.
    if (stream === undefined) return;
    const { headers } = this.#shared;
    if (stream.answered) {
      // Trailers, which end the response.
      if (last) this.#finish(stream);
      else this.#refuse(stream, 'http2-protocol', 'a second header block that does not end the response');
    } else if (to - from > this.#shared.maxHeadBytes) {
      this.#refuse(stream, 'head-too-large', `more than ${this.#shared.maxHeadBytes} bytes`);
    } else if (!headers.parse(bytes, from, to)) {
      this.#refuse(stream, headers.failure, headers.detail);
    } else if (headers.status === 101) {
      this.#refuse(stream, 'switched-protocol', ':status: 101');
    } else if (headers.status < 200 && last) {
      this.#refuse(stream, 'http2-protocol', `the response ends with the interim status ${headers.status}`);
    } else if (headers.status >= 200) {
      // What came before announced it.
      stream.answer(headers);
      if (last) this.#finish(stream);
    }
  }

  #onData(id: number, bytes: number, padding: number): boolean {
    if (this.#blocks.unfinished > 0 || !this.#ready || !this.#known(id)) return false;
    this.#received += bytes;
    if (this.#received >= WINDOW_STEP) {
      this.#outbox.write(numberFrame(FRAME.windowUpdate, 0, this.#received));
      this.#received = 0;
    }
    const stream = this.#streams.get(id);
    if (stream === undefined) return true;
    if (stream.answered) stream.bodyReceived += bytes - padding;
    else this.#refuse(stream, 'http2-protocol', 'a body before the status');
    return true;
  }

  #onDataEnd(id: number, last: boolean): boolean {
    const stream = this.#streams.get(id);
    if (last && stream !== undefined) this.#finish(stream);
    return !this.#ended;
  }

  #onSettings(flags: number, id: number, bytes: Buffer, from: number, to: number): boolean {
    if (id !== 0) return false;
    if (flags & FLAG.ack) return this.#ready && to === from;
    if ((to - from) % 6 !== 0) return false;
    for (let at = from; at < to; at += 6) {
      const value = bytes.readUInt32BE(at + 2);
      const setting = bytes.readUInt16BE(at);
      if (setting === SETTING.maxConcurrentStreams) this.#maxStreams = value;
      if (setting === SETTING.initialWindowSize && !this.#bodies.setStreamWindow(value)) return false;
    }
    this.#outbox.write(SETTINGS_ACK);
    if (!this.#ready) this.#becomeReady();
    return !this.#ended;
  }

  #becomeReady(): void {
    this.#ready = true;
    this.#owner.ready(this);
    for (const stream of [...this.#bySlot]) if (stream !== undefined && stream.id === 0) this.#start(stream);
  }

  #onReset(id: number, code: number): boolean {
    if (!this.#known(id)) return false;
    const stream = this.#streams.get(id);
    if (stream === undefined) return true;
    this.#forget(stream);
    if (code === ERROR_CODE.refusedStream) this.#events.unprocessed(stream.slot);
    else this.#events.failed(stream.slot, 'stream-reset', `RST_STREAM with error code ${code}`);
    this.#closeIfDone();
    return !this.#ended;
  }

  #onGoAway(lastProcessed: number): boolean {
    this.#retired = true;
    this.#owner.leaving(this);
    for (const stream of [...this.#streams.values()]) {
      if (stream.id <= lastProcessed) continue;
      this.#forget(stream);
      this.#events.unprocessed(stream.slot);
    }
    this.#closeIfDone();
    return !this.#ended;
  }

  #onWindowUpdate(id: number, growth: number): boolean {
    if (growth === 0) return false;
    if (id === 0) return this.#bodies.growConnection(growth);
    if (!this.#known(id)) return false;
    const stream = this.#streams.get(id);
    if (stream !== undefined) this.#bodies.grow(stream, growth);
    return true;
  }

  #onPing(flags: number, bytes: Buffer, from: number, to: number): boolean {
    if (flags & FLAG.ack) return true;
    const answer = frame(FRAME.ping, FLAG.ack, 0, 8);
    bytes.copy(answer, FRAME_HEAD_BYTES, from, to);
    this.#outbox.write(answer);
    return true;
  }

  /** Only streams that we began have frames: the peer may begin none. */
  #known(id: number): boolean {
    return id % 2 === 1 && id < this.#nextStream;
  }

  #finish(stream: Stream): void {
    if (!stream.complete) {
      if (stream.answered) this.#refuse(stream, 'bad-length', 'the body is not as long as content-length says');
      else this.#refuse(stream, 'http2-protocol', 'the stream ended without a status');
      return;
    }
    this.#forget(stream);
    // Answered before it was asked in full: the rest need not be sent.
    if (stream.bodySent < stream.request.body.length) {
      this.#outbox.write(numberFrame(FRAME.resetStream, stream.id, ERROR_CODE.cancel));
    }
    this.#events.responded(stream.slot, stream.status, stream.pod, stream.upstream);
    this.#closeIfDone();
  }

  /** The response is not HTTP. */
  #refuse(stream: Stream, failure: Failure, detail: string): void {
    this.#forget(stream);
    this.#outbox.write(numberFrame(FRAME.resetStream, stream.id, ERROR_CODE.protocol));
    this.#events.failed(stream.slot, failure, detail);
    this.#closeIfDone();
  }

  #forget(stream: Stream): void {
    this.#streams.delete(stream.id);
    this.#bySlot[stream.slot] = undefined;
  }

  #closeIfDone(): void {
    if (!this.#retired || this.#ended || !this.#idle) return;
    this.#ended = true;
    this.#outbox.end(GO_AWAY);
    this.#owner.ended(this, this.#ready);
  }

  #fail(error: Error, stage: FailureStage): void {
    const fault = localFault(error);
    if (fault !== null) this.#endWith(({ slot }) => this.#events.refusedLocally(slot, fault));
    else {
      this.#endWith(({ slot, answered }) =>
        this.#events.failed(slot, failureOf(error, stage, answered), failureDetail(error, stage))
      );
    }
  }

  /** The peer broke the rules, or sent more than is read. */
  #endBroken(): void {
    if (this.#blocks.tooLarge) this.#end('head-too-large', `more than ${this.#shared.maxHeadBytes} bytes`);
    else this.#end('http2-protocol', this.#ready ? 'a frame that is not allowed there' : 'no HTTP/2 settings at first');
  }

  /** `failure` null: the connection broke, before or within each answer. */
  #end(failure: Failure | null, detail: string): void {
    this.#endWith(({ slot, answered }) =>
      this.#events.failed(slot, failure ?? (answered ? 'cut-short' : 'closed'), detail)
    );
  }

  #endWith(tell: (stream: Stream) => void): void {
    if (this.#ended) return;
    const left = this.#bySlot.filter((stream) => stream !== undefined);
    this.close();
    for (const stream of left) tell(stream);
  }
}
