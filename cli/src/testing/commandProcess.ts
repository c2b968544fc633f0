import { type ChildProcess, spawn } from 'node:child_process';
import type { AddressInfo, Server } from 'node:net';

export const BIN = new URL('../../bin/evenkeel.mjs', import.meta.url).pathname;
/** Flags of a run that is as short as a test wants it. */
export const QUICK = ['--allow-any', '--warmup', '0', '--drain', '2'];

/** What became of a command. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Starts the command as a person would; `said` resolves when its output holds a text. */
export function begin(
  args: readonly string[],
  [program, ...first]: readonly [string, ...string[]] = [process.execPath, BIN]
): {
  child: ChildProcess;
  ended: Promise<Ended>;
  said(text: string): Promise<void>;
} {
  const child = spawn(program, [...first, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  let out = '';
  let err = '';
  const waiting: { text: string; resolve: () => void }[] = [];
  child.stdout!.on('data', (chunk) => {
    out += chunk;
    for (const { text, resolve } of waiting) if (out.includes(text)) resolve();
  });
  child.stderr!.on('data', (chunk) => {
    err += chunk;
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, out, err })));
  const said = (text: string) =>
    out.includes(text) ? Promise.resolve() : new Promise<void>((resolve) => waiting.push({ text, resolve }));
  return { child, ended, said };
}

export const evenkeel = (...args: string[]): Promise<Ended> => begin(args).ended;

/** A run whose generator had room: on a busy machine it may have none, says so, and judges no balancer; then it is run again. */
export async function measured(...args: string[]): Promise<Ended> {
  let ended = await evenkeel(...args);
  for (let again = 0; again < 9 && ended.out.includes('load generator itself was saturated'); again++) {
    ended = await evenkeel(...args);
  }
  return ended;
}

/** No one should meet a stack trace for a mistake of their own. */
export function expectUsageError({ code, out, err }: Ended, message: RegExp): void {
  expect(err).toMatch(message);
  expect(err).toMatch(/^(evenkeel: .*\n)+$/);
  expect(err).not.toMatch(/\n\s+at /);
  expect(out).toBe('');
  expect(code).toBe(2);
}

/** Listens on a free port of this machine and gives it. */
export async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
