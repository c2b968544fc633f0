import { profileSeconds } from '@evenkeel/contract/profileSeconds';
import type { Scenario, Stage } from '@evenkeel/contract/scenario';
import { searchRange } from './searchRange.ts';
import { stepTiming } from './stepTiming.ts';

export interface PreviewPoint {
  /** Seconds since the start. */
  readonly second: number;
  /** Users, or requests per second. */
  readonly level: number;
}

export interface ScenarioPreview {
  readonly model: 'users' | 'rate';
  /** Corners of the line, in order; two at the same second are a jump. */
  readonly points: readonly PreviewPoint[];
  /** Seconds that the line covers. */
  readonly seconds: number;
  /** Seconds at the start that count for nothing. */
  readonly warmupSeconds: number;
  /** True for a search: the line then shows its doubling up to the highest rate, as if nothing gave way before. */
  readonly search: boolean;
}

/** What a scenario will do, as a line over time that any page or terminal can draw. */
export function scenarioPreview({ load, warmupSeconds, breakingPoint }: Scenario): ScenarioPreview {
  const seconds = profileSeconds(load);
  if (load.model === 'users') {
    const full = Math.min(load.users / load.spawnRate, seconds);
    const reached = Math.min(load.users, full * load.spawnRate);
    const points = [
      { second: 0, level: 0 },
      { second: full, level: reached },
      { second: seconds, level: reached },
    ];
    return { model: 'users', points, seconds, warmupSeconds, search: false };
  }
  if (breakingPoint !== undefined) {
    const points = ladder(load.stages, breakingPoint);
    return { model: 'rate', points, seconds: points.at(-1)?.second ?? 0, warmupSeconds: 0, search: true };
  }
  let second = 0;
  const points = load.stages.flatMap(({ from, to, durationSeconds }) => {
    const start = second;
    second += durationSeconds;
    return [
      { second: start, level: from },
      { second, level: to },
    ];
  });
  return { model: 'rate', points: withoutRepeats(points), seconds, warmupSeconds, search: false };
}

function ladder(stages: readonly Stage[], settings: NonNullable<Scenario['breakingPoint']>): PreviewPoint[] {
  const { cooldownSeconds } = settings;
  const { settleSeconds, judgedSeconds } = stepTiming(settings);
  const stepSeconds = settleSeconds + judgedSeconds;
  const { startRate, maxRate: top } = searchRange(stages);
  const points: PreviewPoint[] = [];
  // A draft may hold anything; from 0 no doubling leads anywhere.
  if (!(startRate > 0) || !Number.isFinite(top)) return points;
  let second = 0;
  for (let rate = startRate; ; rate = Math.min(2 * rate, top)) {
    points.push({ second, level: rate }, { second: second + stepSeconds, level: rate });
    if (rate === top) return points;
    second += stepSeconds;
    if (cooldownSeconds === 0) continue;
    points.push({ second, level: 0 }, { second: second + cooldownSeconds, level: 0 });
    second += cooldownSeconds;
  }
}

function withoutRepeats(points: readonly PreviewPoint[]): PreviewPoint[] {
  return points.filter((point, i) => {
    const before = points[i - 1];
    return before === undefined || before.second !== point.second || before.level !== point.level;
  });
}
