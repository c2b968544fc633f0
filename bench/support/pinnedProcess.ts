import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface PinnedResult {
  readonly output: string;
  /** User and system time of the process and everything that it waited for. */
  readonly cpuSeconds: number;
  /** The user time in it: the program's own code, without what the kernel does for it. */
  readonly userSeconds: number;
}

/** Whether a program can be found. */
export function installed(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** The prefix that keeps a command on one core; nothing where cores cannot be chosen. */
export function pinnedTo(core: number): string[] {
  return installed('taskset') ? ['taskset', '-c', String(core)] : [];
}

/** Compiled code of Node programs is kept between runs, as the `evenkeel` command does: start-up is in every figure. */
const COMPILE_CACHE = fileURLToPath(new URL('../../node_modules/.cache/evenkeel-bench', import.meta.url));

/** Runs a command on one core to its end and reads its CPU time from bash, which counts children too. */
export function runPinned(core: number, command: readonly string[], input = ''): Promise<PinnedResult> {
  const line = [...pinnedTo(core), ...command].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const child = spawn('bash', ['-c', `TIMEFORMAT='cpu %U %S'; time ${line} 2>&1`], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
  });
  child.stdin.end(input);
  let output = '';
  let times = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    times += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      const [, user, system] = /cpu ([\d.]+) ([\d.]+)/.exec(times) ?? [];
      if (user === undefined) reject(new Error(`${command[0]} could not be measured: ${output}${times}`));
      else resolve({ output, cpuSeconds: Number(user) + Number(system), userSeconds: Number(user) });
    });
  });
}
