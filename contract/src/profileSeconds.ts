import type { Stage } from './scenario.ts';

/** What a profile's length follows from. */
export type ProfileLength =
  | { readonly model: 'users'; readonly durationSeconds: number }
  | { readonly model: 'rate'; readonly stages: readonly Stage[] };

/** Length of the load profile, in seconds. */
export function profileSeconds(load: ProfileLength): number {
  return load.model === 'users'
    ? load.durationSeconds
    : load.stages.reduce((total, stage) => total + stage.durationSeconds, 0);
}
