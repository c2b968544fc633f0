import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreFailure } from '../runs/ports/runStore.ts';
import { FileLock } from './fileLock.ts';
import { migrate } from './migrations.ts';

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

/**
 * The SQLite file of the service, opened by one service at a time. States are written through a connection that waits for the
 * disk (`synchronous=FULL`); samples through one that does not, so a second of a run costs no disk flush: a loss of power may
 * take the last samples, a crash of the process takes none.
 */
export class Database {
  readonly file: string;
  readonly states: DatabaseSync;
  readonly samples: DatabaseSync;
  readonly #lock: FileLock;
  /** Open for as long as the connections are: to close it earlier would drop their locks. */
  readonly #handle: number;
  #failure: string | null = null;

  private constructor(file: string, lock: FileLock, states: DatabaseSync, samples: DatabaseSync) {
    this.file = file;
    this.#lock = lock;
    this.states = states;
    this.samples = samples;
    this.#handle = openSync(file, 'r');
  }

  /** Opens or creates the file and brings its tables up to date. Throws `StoreFailure` with a message for people. */
  static open(file: string): Database {
    try {
      mkdirSync(dirname(file), { recursive: true });
    } catch (error) {
      throw new StoreFailure(`The folder of the database ${file} cannot be made: ${(error as Error).message}`, error);
    }
    const lock = translated(file, () => FileLock.take(`${file}.lock`));
    if (lock === null) {
      throw new StoreFailure(
        `The database ${file} is in use by another Evenkeel service; stop it or choose another file.`
      );
    }
    const opened: DatabaseSync[] = [];
    try {
      return translated(file, () => {
        const states = new DatabaseSync(file);
        opened.push(states);
        states.exec(
          'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=2000'
        );
        const [check] = states.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[];
        if (check?.quick_check !== 'ok') {
          throw new StoreFailure(
            `The database ${file} is damaged (${check?.quick_check}); move it away and restore a copy.`
          );
        }
        migrate(states, file);
        const samples = new DatabaseSync(file);
        opened.push(samples);
        samples.exec('PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=2000');
        return new Database(file, lock, states, samples);
      });
    } catch (error) {
      for (const connection of opened) connection.close();
      lock.release();
      throw error;
    }
  }

  /**
   * Why the file cannot be used now, for people; null when it can. Looks whether it is still there, and writes only after something
   * has failed.
   */
  check(): string | null {
    // SQLite would go on writing to a file that has no name any more.
    if (fstatSync(this.#handle).nlink === 0) {
      return `The database ${this.file} was deleted or replaced while it was in use: what is written now is lost; restart the service.`;
    }
    if (this.#failure === null) return null;
    try {
      // A write that changes nothing finds out about a full disk as well as about an unreadable file.
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
      this.states.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.states.exec('COMMIT');
        return result;
      } catch (error) {
        // SQLite may have rolled back by itself when the disk was full.
        if (this.states.isTransaction) this.states.exec('ROLLBACK');
        throw error;
      }
    });
  }

  close(): void {
    this.samples.close();
    this.states.close();
    closeSync(this.#handle);
    this.#lock.release();
  }
}

function translated<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = (error as { errcode?: number }).errcode;
    const meaning = code === undefined ? undefined : ENVIRONMENT[code & 0xff];
    if (meaning !== undefined) throw new StoreFailure(`The database ${file} ${meaning}.`, error);
    throw error;
  }
}
