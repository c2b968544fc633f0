import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { StoreFailure } from '../runs/ports/runStore.ts';
import { diskErrorText, diskProblem, diskText } from './disk.ts';
import { FileLock } from './fileLock.ts';
import { migrate } from './migrations.ts';
import { databaseRule, logRule, WatchedFile } from './watchedFile.ts';

/** Result codes of SQLite that mean: not this statement, but the disk or the file. The low byte is the primary code. */
const ENVIRONMENT: Readonly<Record<number, string>> = {
  5: 'is locked by another program; stop that program',
  6: 'is locked by another program; stop that program',
  8: 'is read-only; give the service the right to write to it and its folder',
  10: 'cannot be read or written (input/output error); check the disk',
  11: 'is damaged; move it away and restore a copy',
  13: 'cannot grow: the disk is full; free some space',
  14: 'cannot be opened; check that the folder exists and the service may write to it',
  26: 'is not a database; move it away',
};

/** Those that are about the disk, whatever else can be found out. */
const DISK_CODES: readonly number[] = [10, 13];
/** Those that a disk may be behind: one that fails in the middle of a read looks like a damaged file. */
const MAYBE_DISK_CODES: readonly number[] = [8, 10, 11, 14, 26];

/** The disk, for now, and not the file or its rights: who starts meanwhile goes on without the file and tries again. */
class DiskFailure extends StoreFailure {}

/** What is open while the file is in use. */
interface Open {
  readonly lock: FileLock;
  readonly states: DatabaseSync;
  readonly samples: DatabaseSync;
  /** The file and its write-ahead log. Open for as long as the connections are: to close them earlier would drop their locks. */
  readonly watched: readonly WatchedFile[];
}

/** How thoroughly a file is looked at when it is opened. */
export interface OpenOptions {
  /** Read all of it (the default), or leave that to `verify`: a large file on a slow disk takes its time. */
  readonly whole?: boolean;
}

/**
 * The SQLite file of the service, opened by one service at a time. States are written through a connection that waits for the
 * disk (`synchronous=FULL`); samples through one that does not, so a second of a run costs no disk flush: a loss of power may
 * take the last samples, a crash of the process takes none.
 *
 * No part of the file is mapped into memory: what a full disk refuses to a mapping kills the process. That is why the file is
 * opened by the VFS `unix-excl`, which keeps the index of the write-ahead log on the heap, and nobody else can read it meanwhile.
 */
export class Database {
  readonly file: string;
  #open: Open | null = null;
  #failure: string | null = null;

  private constructor(file: string) {
    this.file = file;
  }

  /**
   * Opens or creates the file and brings its tables up to date. Throws `StoreFailure` with a message for people; but when it is
   * only the disk that fails, everything that needs the file does, until `check` finds that it can be opened.
   */
  static open(file: string, { whole = true }: OpenOptions = {}): Database {
    const database = new Database(file);
    try {
      database.#connect();
      if (whole) database.verify();
      database.#probe();
    } catch (error) {
      database.close();
      if (!(error instanceof DiskFailure)) throw error;
      database.#failure = error.message;
    }
    return database;
  }

  /** Throws `StoreFailure` while the file cannot be opened. */
  get states(): DatabaseSync {
    return this.#opened.states;
  }

  /** Throws `StoreFailure` while the file cannot be opened. */
  get samples(): DatabaseSync {
    return this.#opened.samples;
  }

  get #opened(): Open {
    if (this.#open === null) throw new StoreFailure(this.#failure ?? `The database ${this.file} is closed.`);
    return this.#open;
  }

  /** Reads the whole file. Throws `StoreFailure` when it is damaged. Says nothing about a file that cannot be opened now. */
  verify(): void {
    if (this.#open === null) return;
    const { states } = this.#open;
    this.attempt(() => {
      const [check] = states.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[];
      if (check?.quick_check === 'ok') return;
      throw new StoreFailure(
        `The database ${this.file} is damaged (${check?.quick_check}); move it away and restore a copy.`
      );
    });
  }

  /**
   * Why the file cannot be used now, for people; null when it can. Looks whether it and its log are still there and were changed by
   * nobody else, and writes only after something has failed.
   */
  check(): string | null {
    if (this.#open === null) return this.#reopen();
    const gone = this.#whyGone(this.#open);
    if (gone !== null || this.#failure === null) return gone;
    return this.#probe();
  }

  /** A write that changes nothing finds out about a full disk as well as about an unreadable file. */
  #probe(): string | null {
    try {
      this.transaction(() => this.states.exec('INSERT OR REPLACE INTO probe (id, at) VALUES (1, 0)'));
      this.#failure = null;
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error;
    }
    return this.#failure;
  }

  /** Runs a piece of work; what the disk or the file did wrong becomes a `StoreFailure`, and `check` knows of it. */
  attempt<T>(work: () => T): T {
    try {
      return translated(this.file, work);
    } catch (error) {
      if (error instanceof StoreFailure) this.#failure = error.message;
      throw error;
    }
  }

  /** All or nothing, on the disk when it returns. */
  transaction<T>(work: () => T): T {
    return this.attempt(() => {
      const { states } = this;
      states.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        states.exec('COMMIT');
        return result;
      } catch (error) {
        // SQLite may have rolled back by itself when the disk was full.
        if (states.isTransaction) states.exec('ROLLBACK');
        throw error;
      }
    });
  }

  close(): void {
    if (this.#open === null) return;
    const { samples, states, watched, lock } = this.#open;
    this.#open = null;
    samples.close();
    states.close();
    for (const file of watched) file.close();
    lock.release();
  }

  #reopen(): string | null {
    try {
      this.#connect();
      this.verify();
      return this.#probe();
    } catch (error) {
      this.close();
      if (!(error instanceof StoreFailure)) throw error;
      this.#failure = error.message;
    }
    return this.#failure;
  }

  #whyGone({ watched }: Open): string | null {
    for (const one of watched) {
      const what = one.file === this.file ? `The database ${one.file}` : `The log ${one.file} of the database`;
      try {
        if (!one.isThere()) {
          return `${what} was deleted or replaced while it was in use, or its disk was unmounted: what is written now is lost; restart the service.`;
        }
        const damage = one.damage();
        if (damage !== null) {
          return `${what} was damaged while it was in use (${damage}): what is written now may be lost; stop the service, restore a copy of the database and start it again.`;
        }
      } catch (error) {
        return `${what} cannot be looked at (${(error as Error).message}): it is on ${diskText(this.file)}.`;
      }
    }
    return null;
  }

  /** SQLite takes an empty file for a new one, and deletes the log of what was in it. */
  #refuseEmptied(): void {
    const size = (file: string) => statSync(file, { throwIfNoEntry: false })?.size;
    if (size(this.file) !== 0 || !size(`${this.file}-wal`)) return;
    throw new StoreFailure(
      `The database ${this.file} is damaged: it is empty, and its log ${this.file}-wal is not; restore a copy, or move both away.`
    );
  }

  #connect(): void {
    const { file } = this;
    try {
      mkdirSync(dirname(file), { recursive: true });
    } catch (error) {
      const disk = diskErrorText(error);
      const why = disk === null ? (error as Error).message : `${disk} (${diskText(file)}).`;
      const Failure = disk === null ? StoreFailure : DiskFailure;
      throw new Failure(`The folder of the database ${file} cannot be made: ${why}`, error);
    }
    const lock = translated(file, () => FileLock.take(`${file}.lock`));
    if (lock === null) {
      throw new StoreFailure(
        `The database ${file} is in use by another Evenkeel service; stop it or choose another file.`
      );
    }
    const opened: DatabaseSync[] = [];
    const connection = (pragmas: string): DatabaseSync => {
      const made = new DatabaseSync(`${pathToFileURL(file).href}?vfs=unix-excl`);
      opened.push(made);
      // Sorting goes on where the temporary folder is full too.
      made.exec(
        `PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=2000; ${pragmas}`
      );
      return made;
    };
    const watched: WatchedFile[] = [];
    const watch = (made: WatchedFile): WatchedFile => {
      watched.push(made);
      return made;
    };
    try {
      this.#open = translated(file, () => {
        this.#refuseEmptied();
        const states = connection('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL');
        migrate(states, file);
        const samples = connection('PRAGMA synchronous=NORMAL');
        const log = watch(new WatchedFile(`${file}-wal`, logRule));
        watch(
          new WatchedFile(
            file,
            databaseRule(() => log.bytes)
          )
        );
        return { lock, states, samples, watched };
      });
      // What they are now is what they are compared with.
      for (const one of watched) one.damage();
    } catch (error) {
      this.#open = null;
      for (const one of watched) one.close();
      for (const made of opened) made.close();
      lock.release();
      throw error;
    }
  }
}

function translated<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = ((error as { errcode?: number }).errcode ?? 0) & 0xff;
    const meaning = ENVIRONMENT[code];
    if (meaning === undefined) throw error;
    const disk = MAYBE_DISK_CODES.includes(code) ? diskProblem(file) : null;
    if (disk === null && !DISK_CODES.includes(code)) throw new StoreFailure(`The database ${file} ${meaning}.`, error);
    const what = disk === null ? meaning : `cannot be used: ${disk}`;
    throw new DiskFailure(`The database ${file} ${what} (${diskText(file)}).`, error);
  }
}
