import type { Fault, FaultPreview } from '@evenkeel/contract/fault';
import type { FaultPlace } from './ports/faultPlaces.ts';

type Origin = Pick<Fault, 'id' | 'runId' | 'planned' | 'severity' | 'startedBy' | 'createdAt'>;

/** The record with which the life of a fault begins. */
export function newFault(place: FaultPlace, survey: FaultPreview, origin: Origin): Fault {
  const { targetId, targetName, driver } = place;
  const { effect, scope, seed, guard, pods, forSeconds } = survey;
  const { createdAt, startedBy } = origin;
  return {
    ...origin,
    state: 'planned',
    targetId,
    targetName,
    effect,
    scope,
    seed,
    guard,
    pods: pods.map((pod) => ({ pod, state: 'planned', note: null })),
    driver: driver.name,
    activeAt: null,
    expiresAt: createdAt + forSeconds * 1000,
    endedAt: null,
    ending: null,
    reason: null,
    steps: [{ at: createdAt, state: 'planned', text: `Asked for by ${startedBy}; the way back is written down.` }],
  };
}
