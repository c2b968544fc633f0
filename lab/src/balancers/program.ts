import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { accessSync, closeSync, constants, openSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Reaper } from '../reaper.ts';
import { spawnProblem } from '../spawnProblem.ts';

/** System programs are often not on the path of ordinary users. */
const FURTHER_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/opt/homebrew/bin'];

/** @throws Error with a message for people when the program is not installed. */
export function findProgram(name: string): string {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...FURTHER_FOLDERS];
  for (const folder of folders) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here.
    }
  }
  throw new Error(`--balancer ${name}: ${name} is not installed here; install it, or use --balancer embedded`);
}

/** The version that the program tells, such as `1.22.1`; empty when it tells none. */
export function programVersion(path: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(path, ['-v'], { timeout: 5000 }, (_error, stdout, stderr) => {
      resolve(/\d+\.\d+(?:\.\d+)?/.exec(stdout + stderr)?.[0] ?? '');
    });
  });
}

/**
 * A program with processes of its own, in a process group of its own. The group dies with us: the reaper knows it, and
 * whatever the main process leaves behind when it dies is killed.
 */
export class Program {
  readonly process: ChildProcess;
  /** Settles when the main process is gone and its group was killed. */
  readonly gone: Promise<void>;
  #words = '';

  /** `outputFile` takes the standard output. */
  constructor(path: string, args: readonly string[], outputFile: string, reaper: Reaper) {
    const output = openSync(outputFile, 'a');
    this.process = spawn(path, args, { detached: true, stdio: ['ignore', output, 'pipe'] });
    closeSync(output);
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#words = (this.#words + text).slice(-8192);
    });
    const { pid } = this.process;
    if (pid !== undefined) reaper.watch(-pid);
    this.gone = new Promise((resolve) => {
      this.process.on('error', (error) => {
        this.#words += spawnProblem(error);
        resolve();
      });
      this.process.once('exit', () => {
        this.kill();
        if (pid !== undefined) reaper.forget(-pid);
        resolve();
      });
    });
  }

  get running(): boolean {
    return this.process.pid !== undefined && this.process.exitCode === null && this.process.signalCode === null;
  }

  /** What it complained about last on its error output, for people; empty when nothing. */
  complaint(): string {
    const lines = this.#words.trim().split('\n');
    return (lines.findLast((line) => /\[(emerg|ALERT)\]/.test(line)) ?? lines.at(-1) ?? '').trim();
  }

  /** Kills the whole group. */
  kill(): void {
    const { pid } = this.process;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Nothing of the group is left.
    }
  }
}
