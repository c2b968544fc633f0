import type { FaultDriver } from '@evenkeel/core/faults/faultDriver';
import type { PodDirectory } from '@evenkeel/core/targets/podDirectory';

/** A target that faults may be injected into. */
export interface FaultPlace {
  readonly targetId: string;
  readonly targetName: string;
  readonly directory: PodDirectory;
  readonly driver: FaultDriver;
}

/** The allow-list of faults: a target that is not in it can be loaded at most. */
export interface FaultPlaces {
  get(targetId: string): FaultPlace | undefined;
  list(): readonly FaultPlace[];
}

export function fixedPlaces(places: readonly FaultPlace[]): FaultPlaces {
  const byId = new Map(places.map((place) => [place.targetId, place]));
  return { get: (targetId) => byId.get(targetId), list: () => places };
}
