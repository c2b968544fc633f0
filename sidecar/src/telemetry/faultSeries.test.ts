import { type Fault, type FaultState, faultSchema } from '@evenkeel/contract/fault';
import { Exposition } from './exposition.ts';
import { FaultSeries } from './faultSeries.ts';
import { KnownSeries } from './knownSeries.ts';

const fault = (id: string, state: FaultState, expiresAt: number, change: Partial<Fault> = {}): Fault =>
  faultSchema.parse({
    id,
    state,
    targetId: 'shop',
    targetName: 'Shop',
    runId: null,
    planned: false,
    effect: { type: 'latency', delayMs: 250, jitterMs: 0 },
    severity: 'medium',
    scope: { count: 1 },
    seed: 1,
    guard: {},
    pods: [],
    driver: 'fake',
    startedBy: 'ada',
    createdAt: 0,
    activeAt: null,
    expiresAt,
    endedAt: null,
    ending: null,
    reason: null,
    steps: [],
    ...change,
  });

let known: KnownSeries;
beforeEach(() => {
  known = new KnownSeries();
});

function exposed(series: FaultSeries): string[] {
  const out = new Exposition(known);
  series.write(out);
  return out
    .take()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

const LABELS = '{target="shop",type="latency",severity="medium"}';

it('says that a fault is active, until when, and that it is over', () => {
  const series = new FaultSeries();
  const step = (of: Fault) => series.step(of, { at: 0, state: of.state, text: '' });
  expect(exposed(series)).toEqual([]);
  step(fault('f1', 'injecting', 60_000));
  step(fault('f2', 'active', 30_000));
  expect(exposed(series)).toEqual([
    `evenkeel_fault_active${LABELS} 1`,
    `evenkeel_fault_expires_timestamp_seconds${LABELS} 30`,
    `evenkeel_fault_revert_failures_total${LABELS} 0`,
  ]);
  step(fault('f2', 'reverted', 30_000));
  step(fault('f1', 'revert-failed', 60_000));
  expect(exposed(series)).toEqual([
    `evenkeel_fault_active${LABELS} 1`,
    `evenkeel_fault_expires_timestamp_seconds${LABELS} 60`,
    `evenkeel_fault_revert_failures_total${LABELS} 1`,
  ]);
  step(fault('f1', 'not-effective', 60_000));
  expect(exposed(series)).toEqual([
    `evenkeel_fault_active${LABELS} 0`,
    `evenkeel_fault_revert_failures_total${LABELS} 1`,
  ]);
  step(fault('f3', 'active', 1000, { severity: null, effect: { type: 'partition', existing: 'cut' } }));
  expect(exposed(series)).toContain('evenkeel_fault_active{target="shop",type="partition",severity="custom"} 1');
});
