import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/**
 * The body of a client's request on its way to a pod. It takes nothing from the client until the pod's connection wants
 * it, so an attempt that failed before that can be repeated, and its end does not tear down the client's connection.
 */
export class RequestBody extends Readable {
  /** Whether anything was taken from the client. */
  touched = false;
  readonly #request: IncomingMessage;

  constructor(request: IncomingMessage) {
    super();
    this.#request = request;
  }

  override _read(): void {
    if (!this.touched) {
      this.touched = true;
      this.#request.on('data', this.#onData);
      this.#request.on('end', this.#onEnd);
      this.#request.on('close', this.#onClose);
    }
    this.#request.resume();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    if (this.touched) {
      this.#request.off('data', this.#onData);
      this.#request.off('end', this.#onEnd);
      this.#request.off('close', this.#onClose);
      // What the client still sends is let run into nothing, or the connection could not be used again.
      this.#request.resume();
    }
    callback(error);
  }

  readonly #onData = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.#request.pause();
  };

  readonly #onEnd = (): void => {
    this.push(null);
  };

  readonly #onClose = (): void => {
    if (!this.#request.complete) this.destroy(new Error('the client closed the connection within its request'));
  };
}
