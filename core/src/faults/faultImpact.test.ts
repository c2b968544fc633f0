import { type Fault, faultSchema } from '@evenkeel/contract/fault';
import { faultReportSchema } from '@evenkeel/contract/faultReport';
import { Histogram } from '../histogram/histogram.ts';
import { FaultImpacts, type FaultSpan, type ImpactSecond } from './faultImpact.ts';
import { faultReport, spanOf } from './faultReport.ts';

const START = 1_000_000;

function second(index: number, ms: number, { errors = 0, pods = [100, 100] } = {}): ImpactSecond {
  const response = new Histogram();
  const completed = pods.reduce((sum, n) => sum + n, 0);
  for (let i = 0; i < completed; i++) response.record(ms * 1000);
  return {
    at: START + index * 1000,
    completed,
    errors,
    response,
    balance: {
      counts: true,
      unattributed: 0,
      unanswered: 0,
      pods: pods.map((decisions, i) => ({
        pod: `pod-${i + 1}`,
        decisions,
        served: decisions,
        errors: 0,
        serviceMicroseconds: 1000 * decisions,
        weight: 1,
        eligible: true,
      })),
    },
  };
}

const SPAN: FaultSpan = {
  id: 'f1',
  from: START + 5200,
  activeAt: START + 5400,
  revertingAt: START + 10_300,
  until: START + 10_400,
};

/** Five good seconds, a fault from 5.2 to 10.4 s, two slow seconds after it, then good ones. */
function played(span: FaultSpan = SPAN, bad: Parameters<typeof second>[2] = {}): FaultImpacts {
  const impacts = new FaultImpacts();
  for (let i = 0; i < 20; i++) {
    const slow = i >= 5 && i <= 10 ? 260 : i <= 12 && i > 10 ? 50 : 10;
    const soFar = { ...span, until: span.until !== null && span.until < START + (i + 1) * 1000 ? span.until : null };
    impacts.add(second(i, slow, i >= 6 && i <= 9 ? bad : {}), START + (i + 1) * 1000 > span.from ? [soFar] : []);
  }
  return impacts;
}

it('compares whole seconds before, during and after, and leaves out those in which it began or ended', () => {
  const { before, during, after } = played().of('f1');
  expect(before).toMatchObject({ seconds: 5, completed: 1000, errorRatePercent: 0 });
  expect(before!.p99Ms).toBeCloseTo(10, 0);
  expect(during).toMatchObject({ seconds: 4, completed: 800 });
  expect(during!.p99Ms! / 260).toBeCloseTo(1, 1);
  expect(after).toMatchObject({ seconds: 9 });
});

it('counts the recovery from the end to the first of three good seconds in a row', () => {
  expect(played().of('f1').recoverySeconds).toBeCloseTo(13 - 10.4, 6);
  expect(played({ ...SPAN, until: null }).of('f1').recoverySeconds).toBeNull();
});

it('scores each window by itself', () => {
  const { before, during } = played(SPAN, { errors: 50, pods: [190, 10] }).of('f1');
  expect(before!.scorePercent).toBeGreaterThan(99);
  expect(during!.scorePercent).toBeLessThan(40);
  expect(during!.errorRatePercent).toBe(25);
});

it('does not compare with seconds that another fault disturbed', () => {
  const impacts = new FaultImpacts();
  const first = {
    ...SPAN,
    id: 'a',
    from: START + 2000,
    activeAt: START + 2000,
    revertingAt: START + 5000,
    until: START + 5000,
  };
  const next = {
    ...SPAN,
    id: 'b',
    from: START + 7000,
    activeAt: START + 7000,
    revertingAt: START + 9000,
    until: START + 9000,
  };
  for (let i = 0; i < 12; i++)
    impacts.add(
      second(i, 10),
      [first, next].filter(({ from }) => from < START + (i + 1) * 1000)
    );
  expect(impacts.of('a')).toMatchObject({ before: { seconds: 2 }, during: { seconds: 3 }, after: { seconds: 5 } });
  expect(impacts.of('b')).toMatchObject({ before: { seconds: 4 }, during: { seconds: 2 }, after: { seconds: 3 } });
});

it('a run that began under the fault has nothing before it, and so no recovery', () => {
  const impacts = new FaultImpacts();
  const early = { ...SPAN, from: START - 100, activeAt: START, revertingAt: START + 2000, until: START + 2000 };
  for (let i = 0; i < 10; i++) impacts.add(second(i, 10), [early]);
  expect(impacts.of('f1')).toMatchObject({ before: null, during: { seconds: 2 }, recoverySeconds: null });
  expect(impacts.of('other')).toEqual({ before: null, during: null, after: null, recoverySeconds: null });
});

describe('the report of a fault', () => {
  const fault = (change: Partial<Fault> = {}): Fault =>
    faultSchema.parse({
      id: 'f1',
      state: 'reverted',
      targetId: 'demo',
      targetName: 'Demo',
      runId: 'r1',
      planned: true,
      effect: { type: 'latency', delayMs: 250, jitterMs: 0 },
      severity: 'medium',
      scope: { pod: 'pod-1' },
      seed: 1,
      guard: {},
      pods: [{ pod: 'pod-1', state: 'reverted', note: null }],
      driver: 'embedded',
      startedBy: 'ada',
      createdAt: SPAN.from - 10,
      activeAt: SPAN.activeAt,
      expiresAt: SPAN.until,
      endedAt: SPAN.until,
      ending: 'expired',
      reason: 'Its time was over.',
      steps: [
        { at: SPAN.from, state: 'injecting', text: '' },
        { at: SPAN.revertingAt, state: 'reverting', text: '' },
      ],
      ...change,
    });

  it('says it in one sentence', () => {
    const report = faultReport(fault(), played().of('f1'), START);
    expect(faultReportSchema.parse(report)).toEqual(report);
    expect(report).toMatchObject({ fromSecond: 5.2, untilSecond: 10.4, ending: 'expired' });
    expect(report.sentence).toMatch(
      /^250 ms latency on pod-1: p99 1\d\.\d → 2[56]\d\.\d ms, errors 0\.0 → 0\.0 %, score .* → .*, as before 2\.6 s after its end\.$/
    );
    expect(spanOf(fault())).toEqual(SPAN);
  });

  it('says when there is nothing to say', () => {
    const none = { before: null, during: null, after: null, recoverySeconds: null };
    expect(faultReport(fault(), none, START).sentence).toContain('too few whole seconds');
    expect(faultReport(fault({ state: 'not-effective' }), none, START).sentence).toContain('had no effect');
  });
});
