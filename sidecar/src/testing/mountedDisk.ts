import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** A small disk of its own, by its file system and block size. */
export const DISK_KINDS = ['tmpfs', 'ext4-4k', 'ext4-1k'] as const;
export type DiskKind = (typeof DISK_KINDS)[number];

const IMAGE_BYTES = 12 * 1024 * 1024;
const TMPFS_SIZE = '4m';

function run(program: string, ...args: string[]): string {
  const { error, status, stderr, stdout } = spawnSync(program, args, { encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr.trim()}`);
  return stdout.trim();
}

/** A mounted file system of a few megabytes that a test may fill, break and take away. Needs root and, but for tmpfs, a loop device. */
export class MountedDisk {
  readonly folder: string;
  readonly #home: string;
  readonly #kind: DiskKind;

  private constructor(home: string, kind: DiskKind) {
    this.#home = home;
    this.#kind = kind;
    this.folder = join(home, 'disk');
  }

  static mount(kind: DiskKind): MountedDisk {
    const disk = new MountedDisk(mkdtempSync(join(tmpdir(), 'evenkeel-disk-')), kind);
    try {
      mkdirSync(disk.folder);
      if (kind === 'tmpfs') {
        run('mount', '-t', 'tmpfs', '-o', `size=${TMPFS_SIZE}`, 'none', disk.folder);
      } else {
        writeFileSync(disk.#image, '');
        truncateSync(disk.#image, IMAGE_BYTES);
        run('mkfs.ext4', '-q', '-m', '0', '-b', kind === 'ext4-1k' ? '1024' : '4096', disk.#image);
        run('mount', '-o', 'loop,errors=remount-ro', disk.#image, disk.folder);
      }
      return disk;
    } catch (error) {
      disk.remove();
      throw error;
    }
  }

  /** Takes all the room that is left, to the last block. */
  fill(): void {
    const file = openSync(join(this.folder, 'filling'), 'a');
    for (let bytes = 64 * 1024; bytes >= 1; bytes = Math.floor(bytes / 8)) {
      try {
        for (;;) writeSync(file, Buffer.alloc(bytes));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
    closeSync(file);
  }

  free(): void {
    rmSync(join(this.folder, 'filling'));
  }

  /** Has the kernel find a mistake in the file system, after which nobody may write to it. */
  turnReadOnly(): void {
    const device = run('findmnt', '-n', '-o', 'SOURCE', this.folder);
    writeFileSync(`/sys/fs/ext4/${basename(device)}/trigger_fs_error`, 'a test');
  }

  /** Takes the disk out of the tree of files, whoever has some of it open. */
  unmount(): void {
    run('umount', '-l', this.folder);
  }

  remove(): void {
    spawnSync('umount', ['-l', this.folder]);
    rmSync(this.#home, { recursive: true, force: true });
  }

  get #image(): string {
    return join(this.#home, `${this.#kind}.img`);
  }
}

/**
 * Whether such disks can be mounted here. Where they cannot, their tests are skipped with a line that says why; on CI, which runs as
 * root on machines with loop devices, that is a failure.
 */
export function canMount(): boolean {
  try {
    for (const kind of DISK_KINDS) MountedDisk.mount(kind).remove();
    return true;
  } catch (error) {
    const mustWork = process.env.CI === 'true' && process.getuid?.() === 0 && existsSync('/dev/loop-control');
    if (mustWork) throw error;
    console.warn(`skipped: no file system can be mounted here (${(error as Error).message})`);
    return false;
  }
}
