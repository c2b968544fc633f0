import type { Stage } from '@evenkeel/contract/scenario';

/**
 * Where a search of the breaking point begins and the rate that it never passes: the lowest and the highest rate of the profile. A
 * profile that touches 0 has no lowest rate that could be tried; then the search begins at a hundredth of the highest.
 */
export function searchRange(stages: readonly Stage[]): { readonly startRate: number; readonly maxRate: number } {
  const rates = stages.flatMap(({ from, to }) => [from, to]);
  const maxRate = Math.max(...rates);
  const lowest = Math.min(...rates);
  return { startRate: lowest > 0 ? lowest : Math.min(maxRate, Math.max(1, maxRate / 100)), maxRate };
}
