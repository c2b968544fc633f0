import { z } from 'zod';

/** Score from which a balance counts as balanced where nobody says otherwise, in percent. */
export const DEFAULT_TARGET_PERCENT = 95;

/** Score from which a balance counts as balanced, in percent: 0 to 100. */
export const targetPercentSchema = z.number().min(0).max(100);

/** What the balance of this target is judged by, in percent. */
export const targetPercentOf = (target: { readonly targetPercent?: number }): number =>
  target.targetPercent ?? DEFAULT_TARGET_PERCENT;
