import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads lists of processes, one list per line, and kills those of the last line when its input closes: that happens
 * when the supervisor is gone, however it died. A negative number is a process group.
 */
const SCRIPT =
  'trap \'\' INT TERM HUP; while read -r line; do list=$line; done; [ -z "$list" ] || kill -KILL $list 2>/dev/null';

/**
 * The last line of defence against orphans: a tiny shell that outlives this process just long enough to kill what was
 * left behind. It sits in a session of its own, so that a signal to our process group does not take it along.
 */
export class Reaper {
  #shell: ChildProcess;
  readonly #watched = new Set<number>();
  #stopping = false;

  constructor() {
    this.#shell = this.#start();
  }

  get pid(): number | undefined {
    return this.#shell.pid;
  }

  watch(pid: number): void {
    this.#watched.add(pid);
    this.#tell();
  }

  forget(pid: number): void {
    if (this.#watched.delete(pid)) this.#tell();
  }

  /** Ends the shell; whatever is still watched is killed. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const shell = this.#shell;
    if (shell.exitCode !== null || shell.signalCode !== null || shell.pid === undefined) return;
    const ended = new Promise<void>((resolve) => shell.once('exit', () => resolve()));
    shell.ref();
    shell.stdin!.end();
    await ended;
  }

  #start(): ChildProcess {
    const shell = spawn('/bin/sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    // Without a shell our own children still end by themselves when their channel closes.
    shell.on('error', () => {});
    shell.stdin?.on('error', () => {});
    shell.once('exit', () => {
      if (this.#stopping) return;
      this.#shell = this.#start();
      this.#tell();
    });
    shell.unref();
    return shell;
  }

  #tell(): void {
    this.#shell.stdin?.write(`${[...this.#watched].join(' ')}\n`);
  }
}
