import { profileSeconds } from '@evenkeel/contract/profileSeconds';
import type { Scenario } from '@evenkeel/contract/scenario';

/**
 * The second from which a scenario's measured part holds one level to its end; null when it never does. A rate may wander by 5 %.
 * In the users model that is when the last user has started.
 */
export function steadyFrom({ load, warmupSeconds }: Pick<Scenario, 'load' | 'warmupSeconds'>): number | null {
  const end = profileSeconds(load);
  let from = end;
  if (load.model === 'users') {
    from = load.users / load.spawnRate;
  } else {
    const level = load.stages.at(-1)!.to;
    const near = (rate: number) => Math.abs(rate - level) <= 0.05 * level;
    for (const stage of load.stages.toReversed()) {
      if (!near(stage.from) || !near(stage.to)) break;
      from -= stage.durationSeconds;
    }
  }
  const start = Math.ceil(Math.max(from, warmupSeconds));
  return start < end ? start : null;
}
