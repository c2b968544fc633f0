/** Ctrl-C and SIGTERM, one meaning after the other: the first asks to stop, the second to stop at once. */
export interface Interrupt {
  /** Resolves at the first signal. */
  readonly first: Promise<void>;
  /** Resolves at the second one. */
  readonly second: Promise<void>;
  /** Gives the signals back to Node. */
  release(): void;
}

export function onInterrupt(): Interrupt {
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  let count = 0;
  const listener = () => {
    count++;
    if (count === 1) first.resolve();
    else second.resolve();
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return {
    first: first.promise,
    second: second.promise,
    release() {
      process.off('SIGINT', listener);
      process.off('SIGTERM', listener);
    },
  };
}
