import type { FaultClock } from './ports/faultClock.ts';

/** Settles as `work` does, but after `ms` at the latest: then it rejects with a message for people. `work` itself goes on. */
export function withinPatience<T>(clock: FaultClock, ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () =>
      reject(new Error(`there was no answer within ${Math.round(ms / 100) / 10} s`))
    );
    work.finally(cancel).then(resolve, reject);
  });
}

export const pause = (clock: FaultClock, ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
