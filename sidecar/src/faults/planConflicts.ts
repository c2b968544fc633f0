import type { PlannedFault } from '@evenkeel/contract/faultPlan';

export interface PlanConflict {
  /** Place in the plan of the fault that could not be injected. */
  readonly index: number;
  /** Why not, in a sentence. */
  readonly message: string;
}

/**
 * Faults of a plan that name the same pod and begin while it is under an earlier one, or rests from it: certain to be refused
 * when their second comes. Those that draw their pods find others.
 */
export function planConflicts(plan: readonly PlannedFault[], cooldownMs: number): PlanConflict[] {
  const named = plan
    .map(({ scope, atSecond, forSeconds }, index) => ({ index, pod: scope?.pod, atSecond, forSeconds }))
    .filter(({ pod }) => pod !== undefined)
    .sort((a, b) => a.atSecond - b.atSecond || a.index - b.index);
  const freeFrom = new Map<string, number>();
  return named.flatMap(({ index, pod, atSecond, forSeconds }) => {
    const free = freeFrom.get(pod!) ?? 0;
    if (atSecond < free) {
      const message = `It begins at ${atSecond} s, when ${pod} is still under an earlier fault of the plan or rests from it (until ${free} s).`;
      return [{ index, message }];
    }
    freeFrom.set(pod!, atSecond + forSeconds + cooldownMs / 1000);
    return [];
  });
}
