import { open } from 'node:fs/promises';

const CHUNK = 1 << 20;

/** Requests per `ip:port` as the lines of an access log tell. */
export interface AddressCounts {
  /** Lines that name the address first. */
  decisions: number;
  /** How often it is named at all. */
  attempts: number;
}

/**
 * Counts the lines of a growing access log whose lines are lists of upstream addresses as in nginx's `$upstream_addr`.
 * Each call of `read` goes on where the last one ended.
 */
export class AccessLog {
  readonly counts = new Map<string, AddressCounts>();
  readonly #path: string;
  #offset = 0;
  /** The beginning of a line whose end is not written yet. */
  #rest = '';
  #reading: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** Takes in what was written since the last call. */
  read(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#readOn());
    return this.#reading;
  }

  async #readOn(): Promise<void> {
    const file = await open(this.#path);
    try {
      const buffer = Buffer.alloc(CHUNK);
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, CHUNK, this.#offset);
        if (bytesRead === 0) return;
        this.#offset += bytesRead;
        const lines = (this.#rest + buffer.toString('latin1', 0, bytesRead)).split('\n');
        this.#rest = lines.pop()!;
        for (const line of lines) this.#count(line);
      }
    } finally {
      await file.close();
    }
  }

  #count(line: string): void {
    let order = 0;
    for (const address of line.split(/,\s*/)) {
      // "-" or the name of the upstream stands for a request that reached no pod.
      if (!/^\d+\.\d+\.\d+\.\d+:[1-9]\d*$/.test(address)) continue;
      let counts = this.counts.get(address);
      if (counts === undefined) {
        counts = { decisions: 0, attempts: 0 };
        this.counts.set(address, counts);
      }
      counts.attempts++;
      if (order++ === 0) counts.decisions++;
    }
  }
}
