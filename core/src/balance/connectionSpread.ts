/** How the requests were spread over connections; what a load engine reports at the end of a run. */
export interface ConnectionSpread {
  /** Connections that carried at least one attributed response. */
  readonly connections: number;
  /** Those with at least two attributed responses that all came from one pod. */
  readonly pinned: number;
  /** Those with at least two attributed responses. */
  readonly reused: number;
  /** Variance inflation by connection, at least 1: requests / designEffect is the number of independent routing decisions. */
  readonly designEffect: number;
}
