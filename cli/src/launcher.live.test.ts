import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { eventually } from '@evenkeel/lab/testing/eventually';
import { listens } from '@evenkeel/lab/testing/processTable';

const path = (relative: string) => new URL(relative, import.meta.url).pathname;
/** What bin/evenkeel.mjs does on a Node that cannot run TypeScript. */
const LAUNCH = `const { runOn } = await import(${JSON.stringify(path('../bin/runOn.mjs'))}); runOn(process.execPath, process.argv.slice(1));`;

/** A cluster that was started through the launcher, once it answers. */
async function launched(): Promise<{ launcher: ChildProcess; port: number; code: Promise<number | null> }> {
  const args = ['--input-type=module', '--eval', LAUNCH, path('./main.ts'), 'pods', '--pods', '1'];
  const launcher = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const code = new Promise<number | null>((resolve) => launcher.once('exit', resolve));
  for await (const line of createInterface({ input: launcher.stdout! })) {
    return { launcher, port: Number(/127\.0\.0\.1:(\d+)/.exec(line)![1]), code };
  }
  throw new Error('the launcher ended before its cluster ran');
}

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  '%s goes on to the command, whose exit code counts',
  async (signal) => {
    const { launcher, port, code } = await launched();
    launcher.kill(signal);
    expect(await code).toBe(signal === 'SIGHUP' ? 1 : 0);
    await eventually(async () => !(await listens(port)), 'nothing is left');
  }
);

test('nothing is left when the launcher is killed', async () => {
  const { launcher, port } = await launched();
  launcher.kill('SIGKILL');
  await eventually(async () => !(await listens(port)), 'nothing is left');
});
