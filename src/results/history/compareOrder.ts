import type { RunSummary } from '@evenkeel/contract/runSummary';

/** Which of two chosen runs is the baseline: the marked one, else the older one. Null unless both are known and have results. */
export function compareOrder(
  picked: readonly string[],
  runs: readonly RunSummary[]
): { baseline: string; candidate: string } | null {
  const [a, b] = picked.map((id) => runs.find((run) => run.id === id && run.result !== null));
  if (!a || !b) return null;
  const aFirst = a.baseline !== b.baseline ? a.baseline : a.createdAt <= b.createdAt;
  return aFirst ? { baseline: a.id, candidate: b.id } : { baseline: b.id, candidate: a.id };
}
