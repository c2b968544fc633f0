import type { Mark } from '@evenkeel/contract/stream';

/** A stretch of the time axis in which at least one fault was active. */
export interface FaultSpan {
  readonly from: number;
  /** null while it is not over. */
  readonly to: number | null;
}

const ENDS: readonly string[] = ['fault-reverted', 'fault-not-effective', 'fault-revert-failed'];

/** When faults were active, from the marks that they left; faults that overlap make one span. */
export function faultSpans(marks: readonly Mark[]): FaultSpan[] {
  const spans: FaultSpan[] = [];
  let active = 0;
  for (const { kind, second } of marks) {
    if (kind === 'fault-active') {
      if (active++ === 0) spans.push({ from: second, to: null });
    } else if (ENDS.includes(kind) && active > 0 && --active === 0) {
      spans[spans.length - 1] = { ...spans.at(-1)!, to: second };
    }
  }
  return spans;
}
