import { isFinal } from '@evenkeel/contract/run';
import { useEffect, useState } from 'react';
import type { LiveRun } from '../../service/live/liveRun.ts';

/** Seconds since the run began, by the service's clock; stands still when it has ended and is 0 before it begins. */
export function useRunClock(live: LiveRun): number {
  const { run, clockOffsetMs } = live;
  const isOver = isFinal(run.state);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (isOver) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [isOver]);
  if (run.startedAt === null) return 0;
  const end = run.endedAt ?? now + clockOffsetMs;
  return Math.max(0, (end - run.startedAt) / 1000);
}
