import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

/** Bytes of the header of a database file; that of a write-ahead log is shorter. */
const HEADER_BYTES = 100;

/** What the header says of a file of so many bytes that this service writes alone; null when nothing is wrong with it. */
export type HeaderRule = (header: Buffer, bytes: number) => string | null;

/** A file in use that nobody else may change: SQLite would go on writing to one that has no name any more, or lost its contents. */
export class WatchedFile {
  readonly file: string;
  readonly #rule: HeaderRule;
  readonly #handle: number;
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #bytes = 0;
  #damage: string | null = null;

  constructor(file: string, rule: HeaderRule) {
    this.file = file;
    this.#rule = rule;
    this.#handle = openSync(file, 'r');
  }

  /** Bytes of the file when it was last looked at. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether the name still stands for this file. Throws when it cannot be looked at. */
  isThere(): boolean {
    const { dev, ino, nlink } = fstatSync(this.#handle);
    const there = statSync(this.file, { throwIfNoEntry: false });
    return nlink > 0 && there?.ino === ino && there.dev === dev;
  }

  /**
   * What was done to the contents, as a phrase; null when nothing. Looks at size and header only. Stays what it was once it is found:
   * what SQLite writes later covers it up without mending it. Throws when the file cannot be read.
   */
  damage(): string | null {
    if (this.#damage !== null) return this.#damage;
    const { size } = fstatSync(this.#handle);
    const read = readSync(this.#handle, this.#header, 0, HEADER_BYTES, 0);
    this.#damage = size < this.#bytes ? 'it was cut short' : this.#rule(this.#header.subarray(0, read), size);
    this.#bytes = size;
    return this.#damage;
  }

  close(): void {
    closeSync(this.#handle);
  }
}

/** Rules of https://sqlite.org/fileformat2.html for the main file; `logged` is how many bytes of it may still be in the log. */
export function databaseRule(logged: () => number): HeaderRule {
  let changes = 0;
  return (header, bytes) => {
    const pageBytes = header.length < HEADER_BYTES ? 0 : header.readUInt16BE(16);
    const isHeader =
      header.toString('latin1', 0, 16) === 'SQLite format 3\0' && header[18] === 2 && header[19] === 2 && pageBytes > 0;
    if (!isHeader) return 'its header was overwritten';
    const counted = header.readUInt32BE(24);
    if (counted < changes) return 'it was overwritten by an older copy';
    changes = counted;
    // On a full disk the header may already count pages that only the log holds.
    const missing = header.readUInt32BE(28) * (pageBytes === 1 ? 65_536 : pageBytes) - bytes;
    return missing > logged() ? 'it was cut short' : null;
  };
}

/** A write-ahead log is empty or begins with its magic number. */
export const logRule: HeaderRule = (header) =>
  header.length === 0 || (header.length >= 32 && (header.readUInt32BE(0) & ~1) >>> 0 === 0x37_7f_06_82)
    ? null
    : 'its header was overwritten';
