/** Something that the safety lever ends: all runs, all faults. */
export interface Stoppable {
  /** Ends everything at once and returns the ids of what was ended. A failure of one must not spare the others. */
  stopAll(reason: string): string[];
}
