import type { LoadModel } from '@evenkeel/contract/scenario';
import { ArrivalSchedule } from './arrivalSchedule.ts';
import { UserSchedule } from './userSchedule.ts';

/** A load profile as one line over time, for drawing: users of the closed model, requests per second of the open one. */
export interface LoadProfile {
  readonly model: LoadModel['model'];
  readonly durationSeconds: number;
  /** Users or requests per second at a time in seconds since the start; 0 outside the profile. */
  levelAt(t: number): number;
  /** Requests of the whole profile; null in the closed model, where the target's speed decides. */
  readonly requests: number | null;
}

export function loadProfile(load: LoadModel): LoadProfile {
  if (load.model === 'users') {
    const schedule = new UserSchedule(load);
    return {
      model: 'users',
      durationSeconds: schedule.durationSeconds,
      levelAt: (t) => schedule.usersAt(t),
      requests: null,
    };
  }
  const schedule = new ArrivalSchedule(load.stages);
  return {
    model: 'rate',
    durationSeconds: schedule.durationSeconds,
    levelAt: (t) => schedule.rateAt(t),
    requests: schedule.total,
  };
}
