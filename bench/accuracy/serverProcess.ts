import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { pinnedTo } from '../support/pinnedProcess.ts';

export interface ServerProcess {
  readonly url: string;
  /** Stops the whole process for a while: nothing is read or answered. */
  freeze(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** The rotating server in a process of its own on one core. */
export async function rotatingServer(
  core: number,
  mode: 'request' | 'connection',
  pods: number
): Promise<ServerProcess> {
  const script = fileURLToPath(new URL('rotatingServer.ts', import.meta.url));
  const [program = '', ...rest] = [...pinnedTo(core), process.execPath, script, mode, String(pods)];
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await firstLine(child);
  return {
    url: `http://127.0.0.1:${port}/`,
    freeze: async (milliseconds) => {
      child.kill('SIGSTOP');
      await sleep(milliseconds);
      child.kill('SIGCONT');
    },
    stop: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    },
  };
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout!.once('data', (chunk) => resolve(String(chunk).trim()));
    child.once('exit', () => reject(new Error('the bench server ended')));
  });
}
