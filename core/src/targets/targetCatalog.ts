import type { Target } from '@evenkeel/contract/target';
import type { PodDirectory } from './podDirectory.ts';

/** A target that may be loaded, with where its pods are listed and where connections to it may go. */
export interface KnownTarget {
  readonly target: Target;
  readonly directory: PodDirectory;
  /** Networks in CIDR notation; checked on the address that is connected to. */
  readonly allowedNetworks: readonly string[];
}

/** The allow-list: what is not in it cannot be loaded. */
export interface TargetCatalog {
  list(): readonly KnownTarget[];
  get(id: string): KnownTarget | undefined;
}

/** A catalog that never changes. */
export function fixedCatalog(targets: readonly KnownTarget[]): TargetCatalog {
  const byId = new Map(targets.map((known) => [known.target.id, known]));
  return { list: () => targets, get: (id) => byId.get(id) };
}
