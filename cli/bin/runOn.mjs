import { spawn } from 'node:child_process';

/** Runs `args` on another Node as if it were this process: signals go on to it, it ends with us, and we with its exit code. */
export function runOn(node, args) {
  const child = spawn(node, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  // A terminal sends Ctrl-C to both of us, and a second one would cut the run off.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`evenkeel: ${node} could not be started: ${error.message}`);
    process.exit(2);
  });
  child.on('exit', (code) => process.exit(code ?? 1));
}
