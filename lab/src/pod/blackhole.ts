import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { type BlackholeSettings, CELLS, END, GO, monotonicMs, STARTING, STATE, UP } from './blackholeSignals.ts';

const THREAD = new URL('./blackholeThread.ts', import.meta.url);
const UP_PATIENCE_MS = 2000;
/** A connection to loopback that takes longer than this is not coming. */
const FILL_PATIENCE_MS = 100;
const MOST_FILLERS = 16;

/** Takes a pod's port for a while so that connecting to it times out, as behind a network partition. */
export class Blackhole {
  readonly #cells: Int32Array<SharedArrayBuffer>;
  readonly #fillers: Socket[] = [];
  /** Resolves when the port is free again: closed, out of time, or never taken. */
  readonly over: Promise<void>;

  private constructor(worker: Worker, cells: Int32Array<SharedArrayBuffer>) {
    this.#cells = cells;
    this.over = new Promise((resolve) => worker.once('exit', () => resolve()));
    void this.over.then(() => {
      for (const filler of this.#fillers) filler.destroy();
    });
  }

  /**
   * `leave` is called when everything is ready and must free the port at once: connections are refused only in between,
   * well under a millisecond. Resolves when the next connection will get no answer. @throws Error when the port was lost.
   */
  static async open(host: string, port: number, ttlMs: number, leave: () => void): Promise<Blackhole> {
    const cells = new Int32Array(new SharedArrayBuffer(CELLS * 4));
    const settings: BlackholeSettings = { host, port, until: monotonicMs() + ttlMs, cells };
    const worker = new Worker(THREAD, { workerData: settings });
    await new Promise<void>((resolve, reject) => {
      worker.once('message', () => resolve());
      worker.once('error', reject);
    });
    // An error later on ends the thread, which `over` tells.
    worker.on('error', () => {});
    const blackhole = new Blackhole(worker, cells);
    leave();
    Atomics.store(cells, GO, 1);
    Atomics.notify(cells, GO);
    await Atomics.waitAsync(cells, STATE, STARTING, UP_PATIENCE_MS).value;
    if (Atomics.load(cells, STATE) !== UP) {
      blackhole.close();
      throw new Error(`port ${port} was lost to another program`);
    }
    await blackhole.#fill(host, port);
    return blackhole;
  }

  /** Frees the port; `over` tells when. */
  close(): void {
    Atomics.store(this.#cells, END, 1);
    Atomics.notify(this.#cells, END);
  }

  /** Fills the kernel's queue, so that the very next connection already vanishes. */
  async #fill(host: string, port: number): Promise<void> {
    while (this.#fillers.length < MOST_FILLERS) {
      const filler = connect(port, host);
      filler.on('error', () => {});
      this.#fillers.push(filler);
      const connected = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), FILL_PATIENCE_MS);
        filler.once('connect', () => {
          clearTimeout(timer);
          resolve(true);
        });
        filler.once('close', () => {
          clearTimeout(timer);
          resolve(false);
        });
      });
      if (!connected) {
        filler.destroy();
        return;
      }
    }
  }
}
