import type { BalanceScore, PodBalance } from '@evenkeel/contract/balance';
import { syntheticSample } from '../../../e2e/harness/syntheticSample.ts';
import { niceStep, podAt, podLayout } from './drawPodColumns.ts';
import { barsSentence, podBars, shareAxisEnd } from './podBars.ts';
import { liveRows, type PodRow, sortRows } from './podRows.ts';
import { visibleRows } from './visibleRows.ts';

const sample = syntheticSample(['pod-10', 'pod-9', 'pod-1'], 30, 'measuring', 0);

const withPod = (change: Partial<PodBalance>, guards: BalanceScore['guards'] = []): BalanceScore => ({
  ...sample.balance,
  guards,
  perPod: [{ ...sample.balance.perPod[0]!, ...change }],
});

describe('a bar per pod', () => {
  test('bars are in the natural order of the names, so a pod keeps its place', () =>
    expect(podBars(sample.balance).map((bar) => bar.pod)).toEqual(['pod-1', 'pod-9', 'pod-10']));

  test('the standing tells chance, significance, guards and readiness apart', () => {
    const standing = (score: BalanceScore) => podBars(score)[0]!.standing;
    expect(standing(withPod({}))).toBe('even');
    expect(standing(withPod({ significant: true }))).toBe('off');
    expect(standing(withPod({ expected: 0, expectedShare: 0, ratio: null }))).toBe('out');
    const guard = { kind: 'starved' as const, pod: 'pod-10', ratio: 0, sentence: '' };
    expect(standing(withPod({ significant: true }, [guard]))).toBe('guarded');
  });

  test('nothing is taller than the axis, even without a single request', () => {
    const bars = podBars(withPod({ share: 0.2, noiseHighShare: 0.5, expectedShare: 0.3 }));
    expect(shareAxisEnd(bars)).toBeGreaterThan(0.5);
    expect(shareAxisEnd([])).toBe(1);
  });

  test('the picture is also a sentence', () => {
    expect(barsSentence([])).toBe('No pods yet');
    expect(barsSentence(podBars(sample.balance))).toMatch(
      /^3 pods, 0 outside .*most pod-\d+ with [\d.]+ %, least pod-\d+/
    );
  });

  test('the pointer finds its pod at any number of pods', () => {
    for (const pods of [9, 64, 1000]) {
      const { left, pitch } = podLayout(600, pods);
      for (const index of [0, Math.floor(pods / 2), pods - 1]) {
        expect(podAt(left + (index + 0.5) * pitch, 600, pods)).toBe(index);
      }
      expect(podAt(left - 1, 600, pods)).toBeNull();
      expect(podAt(left + pods * pitch + 1, 600, pods)).toBeNull();
    }
  });
});

describe('the pod table', () => {
  const row = (part: Partial<PodRow>): PodRow => ({ ...liveRows(sample)[0]!, ...part });

  test('figures and scores are joined by name', () => {
    const [first] = liveRows(sample);
    expect(first).toMatchObject({
      pod: 'pod-10',
      requests: sample.balance.perPod[0]!.requests,
      errors: 0,
      ready: true,
    });
  });

  test('a pod that the score does not know is still shown', () => {
    const rows = liveRows({ ...sample, balance: { ...sample.balance, perPod: [] } });
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({ requests: 0, ratio: null, isOff: false });
  });

  test('unknown figures come last in either direction, equals by name', () => {
    const rows = [
      row({ pod: 'a', p99Ms: 5 }),
      row({ pod: 'b', p99Ms: null }),
      row({ pod: 'd', p99Ms: 9 }),
      row({ pod: 'c', p99Ms: 9 }),
    ];
    const names = (descending: boolean) => sortRows(rows, { column: 'p99Ms', descending }).map((one) => one.pod);
    expect(names(false)).toEqual(['a', 'c', 'd', 'b']);
    expect(names(true)).toEqual(['c', 'd', 'a', 'b']);
  });

  test('names sort by their numbers', () =>
    expect(sortRows(liveRows(sample), { column: 'pod', descending: true }).map((one) => one.pod)).toEqual([
      'pod-10',
      'pod-9',
      'pod-1',
    ]));

  test('only rows in view are drawn, and never beyond the list', () => {
    expect(visibleRows(0, 280, 28, 1000)).toEqual({ from: 0, to: 16 });
    expect(visibleRows(2800, 280, 28, 1000)).toEqual({ from: 94, to: 116 });
    expect(visibleRows(99_999, 280, 28, 20)).toEqual({ from: 20, to: 20 });
    expect(visibleRows(0, 280, 28, 0)).toEqual({ from: 0, to: 0 });
  });
});

test.each([
  [0.036, 0.05],
  [0.0004, 0.0005],
  [0.12, 0.1],
  [0.3, 0.2],
  [0.9, 1],
])('the axis of the shares steps by numbers that people count in: about %d is %d', (about, step) =>
  expect(niceStep(about)).toBeCloseTo(step, 10)
);
