import { Worker } from 'node:worker_threads';
import type { Limits } from '@evenkeel/contract/limits';
import { Refusal } from '@evenkeel/contract/refusal';
import type { Scenario } from '@evenkeel/contract/scenario';
import { ScenarioTextError, type ScenarioTextProblem } from './scenarioText.ts';

/** What became of a text. */
export type ReadText =
  | { readonly scenario: Scenario }
  | { readonly problems: readonly ScenarioTextProblem[]; readonly more: number };

export interface ReaderLimits {
  /** Time for one text, in milliseconds. A text at all its bounds takes a tenth of a second. */
  readonly patienceMs: number;
  /** Texts that may wait while another one is read. */
  readonly maxWaiting: number;
  /** After this long without a text the thread ends, in milliseconds. */
  readonly idleMs: number;
}

export const READER_LIMITS: ReaderLimits = { patienceMs: 5000, maxWaiting: 8, idleMs: 30_000 };

/** A text that is read or waits for it. */
interface Turn {
  readonly text: string;
  resolve(read: ReadText): void;
  reject(error: Error): void;
}

/**
 * Reads the texts of scenarios in a thread of its own, one after another, so that none of them holds up the service. The thread is
 * started with the first text, has little memory, and is ended when a text takes too long.
 */
export class ScenarioReader {
  readonly #scenarioLimits: Limits;
  readonly #limits: ReaderLimits;
  readonly #turns: Turn[] = [];
  #worker: Worker | null = null;
  #current: Turn | null = null;
  #timer: NodeJS.Timeout | undefined;

  /** `scenarioLimits` is what a scenario may ask for. */
  constructor(scenarioLimits: Limits, limits: ReaderLimits = READER_LIMITS) {
    this.#scenarioLimits = scenarioLimits;
    this.#limits = limits;
  }

  /** The scenario in a text. Rejects with a ScenarioTextError, or with the refusal of a text for which there is no time. */
  async read(text: string): Promise<Scenario> {
    if (this.#turns.length >= this.#limits.maxWaiting) {
      throw new Refusal('overloaded', `${this.#turns.length} files wait to be read, which is the limit; try again.`, {
        retryAfterSeconds: 5,
      });
    }
    const read = await new Promise<ReadText>((resolve, reject) => {
      this.#turns.push({ text, resolve, reject });
      this.#next();
    });
    if ('scenario' in read) return read.scenario;
    throw new ScenarioTextError(read.problems, read.more);
  }

  /** Ends the thread. Texts that were not read are refused. */
  close(): void {
    const why = new Refusal('not-ready', 'The service is shutting down.');
    for (const turn of this.#turns.splice(0)) turn.reject(why);
    this.#end(why);
    clearTimeout(this.#timer);
  }

  #next(): void {
    if (this.#current !== null) return;
    clearTimeout(this.#timer);
    const turn = this.#turns.shift();
    if (turn === undefined) {
      this.#timer = setTimeout(() => this.#end(), this.#limits.idleMs).unref();
      return;
    }
    this.#current = turn;
    this.#worker ??= this.#start();
    this.#timer = setTimeout(() => this.#end(tooLong()), this.#limits.patienceMs);
    this.#worker.postMessage(turn.text);
  }

  #start(): Worker {
    const worker = new Worker(new URL('./scenarioReaderThread.ts', import.meta.url), {
      workerData: this.#scenarioLimits,
      resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 32 },
    });
    worker.unref();
    worker.on('message', (read: ReadText) => {
      if (worker !== this.#worker) return;
      const turn = this.#current;
      this.#current = null;
      turn?.resolve(read);
      this.#next();
    });
    worker.on('error', (error) => {
      if (worker === this.#worker) this.#end(memoryRanOut(error) ? tooLong() : error);
    });
    return worker;
  }

  /** Ends the thread and what it was reading; the next text gets a new one. */
  #end(why?: Error): void {
    clearTimeout(this.#timer);
    const turn = this.#current;
    this.#current = null;
    this.#worker?.terminate();
    this.#worker = null;
    if (turn === null) return;
    turn.reject(why ?? tooLong());
    this.#next();
  }
}

const memoryRanOut = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';

const tooLong = () =>
  new Refusal('invalid-request', 'body.text: takes too much time or memory to read; send a simpler text', {
    errors: [{ field: 'body.text', message: 'takes too much time or memory to read' }],
  });
