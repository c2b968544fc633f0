import { DatabaseSync } from 'node:sqlite';

/** Primary result codes: the file is held by another connection. */
const BUSY = [5, 6];

/**
 * Holds a file against every other process, until released or until this process dies however it dies: an open write
 * transaction on a SQLite file is a lock of the operating system, so nothing stale is left behind and no pid is compared.
 */
export class FileLock {
  readonly #connection: DatabaseSync;

  private constructor(connection: DatabaseSync) {
    this.#connection = connection;
  }

  /** null when somebody else holds it. */
  static take(file: string): FileLock | null {
    const connection = new DatabaseSync(file, { timeout: 0 });
    try {
      // Without a journal file nothing is written, so that a full disk is no reason not to have the lock.
      connection.exec('PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE');
      return new FileLock(connection);
    } catch (error) {
      connection.close();
      if (BUSY.includes(((error as { errcode?: number }).errcode ?? 0) & 0xff)) return null;
      throw error;
    }
  }

  release(): void {
    this.#connection.close();
  }
}
