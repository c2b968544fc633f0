import type { PodStatus } from '@evenkeel/contract/target';

/** Where a run learns which pods exist and which of them should get traffic. */
export interface PodDirectory {
  /** The pods as last seen. Cheap and synchronous: a run asks once a second. */
  list(): readonly PodStatus[];
  /**
   * False when the directory can only name pods that have answered, as with a bare URL:
   * a pod that never answers is then invisible, and the report must say so.
   */
  readonly complete: boolean;
}
