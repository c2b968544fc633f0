import { useEffect, useState } from 'react';
import { type FollowedRun, followRun } from './followRun.ts';
import { openRunStream } from './openRunStream.ts';

const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

const START: FollowedRun = { live: null, connection: { state: 'connecting' } };

/** Joins a run, whether it is about to start, in the middle or over, and stays up to date until it has ended. */
export function useLiveRun(runId: string): FollowedRun {
  const [followed, setFollowed] = useState<{ runId: string; state: FollowedRun }>({ runId, state: START });
  useEffect(() => {
    const abort = new AbortController();
    const ports = {
      open: (lastEventId: string, signal: AbortSignal) => openRunStream(runId, lastEventId, signal),
      now: Date.now,
      random: Math.random,
      wait,
    };
    void followRun(ports, (state) => !abort.signal.aborted && setFollowed({ runId, state }), abort.signal);
    return () => abort.abort();
  }, [runId]);
  return followed.runId === runId ? followed.state : START;
}
