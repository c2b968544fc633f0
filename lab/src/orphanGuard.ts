/** How often a child looks whether its parent is still the same process. */
const LOOK_EVERY_MS = 500;

/**
 * Ends this process when its parent is gone, whatever killed the parent. The closed IPC channel says so at once; the
 * parent's process id is looked at besides, in case the channel lives on in another process. Ctrl-C reaches every
 * process of a terminal at once: it is left to the parent, which stops its children in order.
 */
export function dieWithParent(): void {
  const parent = process.ppid;
  process.on('disconnect', () => process.exit(0));
  if (process.channel === undefined || !process.connected) process.exit(0);
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, LOOK_EVERY_MS).unref();
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => process.exit(0));
}
