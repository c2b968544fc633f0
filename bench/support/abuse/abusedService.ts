import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Amounts } from './fullHistory.ts';
import type { WorstRequest } from './worstRequests.ts';

export interface Cost {
  readonly status: number;
  /** Length of the answer, in bytes. */
  readonly bytes: number;
  /** The longest that the event loop was held, in milliseconds of CPU. */
  readonly heldMs: number;
  /** The most memory that the service ever had, in MB. */
  readonly peakMb: number;
  /** Until the answer was there in full, in milliseconds. */
  readonly answerMs: number;
}

/** What the process is asked about its event loop. */
export type Question =
  | { readonly ask: 'start' | 'stop' }
  /** Between two times of `Date.now()`. */
  | { readonly ask: 'worked'; readonly from: number; readonly to: number };

export interface WatchAnswer {
  /** Milliseconds of CPU: the longest turn, or what was worked. */
  readonly value: number;
  readonly peakMb: number;
}

/** The full service as a process of its own, whose event loop is watched. */
export class AbusedService {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(file: string, amounts: Amounts): Promise<AbusedService> {
    const { runs, scenarios, faults, seconds } = amounts;
    const program = (name: string, ...parameters: string[]) =>
      fork(fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), [file, ...parameters], {
        execArgv: ['--disable-warning=ExperimentalWarning'],
      });
    const filled = program('fillHistoryProcess', ...[runs, scenarios, faults, seconds].map(String));
    const [code] = await once(filled, 'exit');
    if (code !== 0) throw new Error(`the history was not filled: ${code}`);
    const child = program('fullService');
    const [{ port }] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`the service ended with ${code} before it was ready`);
      }),
    ]);
    return new AbusedService(child, port);
  }

  /** Connections and files that the service holds open now. */
  openFiles(): number {
    return readdirSync(`/proc/${this.#child.pid}/fd`).length;
  }

  /** Watches the event loop while something is done. */
  async watched<T>(work: () => Promise<T>): Promise<{ result: T; heldMs: number; peakMb: number }> {
    await this.#ask({ ask: 'start' });
    const result = await work();
    const { value, peakMb } = await this.#ask({ ask: 'stop' });
    return { result, heldMs: value, peakMb };
  }

  /** CPU that the event loop worked between two times of `Date.now()` since it was last watched, in milliseconds. */
  async workedMs(from: number, to: number): Promise<number> {
    return (await this.#ask({ ask: 'worked', from, to })).value;
  }

  /** Sends one request and measures what it cost. */
  async cost(worst: WorstRequest): Promise<Cost> {
    const { result, heldMs, peakMb } = await this.watched(async () => {
      const began = performance.now();
      const answer = await this.send(worst);
      return { ...answer, answerMs: performance.now() - began };
    });
    return { ...result, heldMs, peakMb };
  }

  send({ route, path, headers, body }: WorstRequest): Promise<{ status: number; bytes: number; text: string }> {
    const method = route.slice(0, route.indexOf(' '));
    return new Promise((resolve, reject) => {
      // Node's client frames the body of a DELETE only when it is told the length.
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const outgoing = request(
        { host: '127.0.0.1', port: this.port, method, path, headers: { ...headers, ...length }, agent: false },
        (response) => {
          let bytes = 0;
          let text = '';
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (text.length < 1_000_000) text += chunk;
          });
          response.on('error', reject);
          response.on('end', () => resolve({ status: response.statusCode!, bytes, text }));
        }
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  async stop(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.disconnect();
    await exit;
  }

  async #ask(question: Question): Promise<WatchAnswer> {
    this.#child.send(question);
    const [answer] = await once(this.#child, 'message');
    return answer;
  }
}
