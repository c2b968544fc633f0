/** What a shell reports of a program that wrote into a closed pipe. */
const BROKEN_PIPE = 141;

/** When nobody reads the output any more (`evenkeel run | head`), the command ends as by Ctrl-C, and without a stack trace. */
export function stopWhenUnread(...outputs: readonly NodeJS.WriteStream[]): void {
  let told = false;
  for (const output of outputs) {
    output.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (told) return;
      told = true;
      if (process.listenerCount('SIGTERM') > 0) process.kill(process.pid, 'SIGTERM');
      else process.exit(BROKEN_PIPE);
    });
  }
}
