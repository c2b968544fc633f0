import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { withCompileCache } from './compileCache.ts';
import type { Reaper } from './reaper.ts';
import { spawnProblem } from './spawnProblem.ts';

/** A child process of the cluster that runs one of our TypeScript entry files. */
export interface Child {
  readonly process: ChildProcess;
  /** Calls `listener` once with the cause, for people, when the process has ended or could not even be started. */
  onEnd(listener: (cause: string) => void): void;
}

/** Starts `entry` with its settings as JSON in the first argument. The reaper knows of it until it ends. */
export function startChild(entry: URL, settings: unknown, reaper: Reaper): Child {
  const child = fork(fileURLToPath(entry), [JSON.stringify(settings)], {
    env: withCompileCache(process.env),
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let words = '';
  // There are no pipes where the process could not be started.
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-4096);
  });
  const { pid } = child;
  if (pid !== undefined) {
    reaper.watch(pid);
    child.once('exit', () => reaper.forget(pid));
  }
  return {
    process: child,
    onEnd(listener) {
      child.once('exit', (code, signal) => {
        const lastWords = words.trim().split('\n').at(-1) ?? '';
        listener(signal ?? `exit code ${code}${lastWords === '' ? '' : `, ${lastWords}`}`);
      });
      // A process that runs tells the end of its troubles by its exit.
      child.on('error', (error) => {
        if (pid === undefined) listener(spawnProblem(error));
      });
    },
  };
}

/** Resolves when the process has ended; kills it when it has not after `patienceMs`. */
export async function ended(child: ChildProcess, patienceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
