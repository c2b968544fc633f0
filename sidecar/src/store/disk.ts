import { closeSync, existsSync, openSync, rmSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const MB = 1024 * 1024;

/** The folder of a file, or the nearest one above it that is there. */
function nearestFolder(file: string): string {
  let folder = dirname(file);
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

/** Where the disk of a folder is mounted: the highest folder above it that is on the same one. */
function mountPoint(folder: string): string {
  const { dev } = statSync(folder);
  let top = folder;
  while (top !== dirname(top) && statSync(dirname(top)).dev === dev) top = dirname(top);
  return top;
}

/** The disk that a file is on, for people: where it is mounted and how much room it has. Never throws. */
export function diskText(file: string): string {
  try {
    const folder = nearestFolder(file);
    const { bavail, blocks, bsize } = statfsSync(folder);
    const mb = (count: number) => Math.floor((count * bsize) / MB);
    return `the disk mounted at ${mountPoint(folder)}, ${mb(bavail)} of ${mb(blocks)} MB free`;
  } catch (error) {
    return `a disk that cannot be looked at (${(error as NodeJS.ErrnoException).code ?? error})`;
  }
}

/** What a file system answers when it is the disk that fails, and not the caller who may not. */
const DISK_ERRORS: Readonly<Record<string, string>> = {
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full; free some space',
  EDQUOT: 'the quota of the disk is used up; free some space',
  EIO: 'the disk fails (input/output error); check it',
  ENXIO: 'the disk is gone; check it',
  ENODEV: 'the disk is gone; check it',
  ESTALE: 'the network disk is gone; check it',
};

/** What an error of the file system says about the disk, for people; null when it is about something else. */
export const diskErrorText = (error: unknown): string | null =>
  DISK_ERRORS[(error as NodeJS.ErrnoException).code ?? ''] ?? null;

/**
 * What is wrong with the disk of a file, for people, as a new file beside it finds out; null when that can be made or is refused for another
 * reason. The file itself is not opened: to close it again would drop the locks of whoever has it open.
 */
export function diskProblem(file: string): string | null {
  const probe = `${file}.probe`;
  try {
    closeSync(openSync(probe, 'w'));
    rmSync(probe);
    return null;
  } catch (error) {
    return diskErrorText(error);
  }
}
