import type { BalanceScore } from '@evenkeel/contract/balance';
import { conclude } from './conclusion.ts';

const balance = (verdict: BalanceScore['verdict']) =>
  ({ verdict, sentence: `The load is ${verdict}.` }) as BalanceScore;
const threshold = { metric: 'p99', op: '<', value: 100 } as const;
const result = (observed: number | null, passed: boolean) => ({ threshold, observed, passed, breachedAtSecond: null });

describe('conclude', () => {
  test('balanced with every threshold met passes, without reasons', () => {
    expect(conclude('finished', null, balance('balanced'), [result(50, true)])).toEqual({
      conclusion: 'passed',
      reasons: [],
    });
  });

  test('a finding outweighs a doubt, and both are told, findings first', () => {
    expect(conclude('finished', null, balance('needs-more-data'), [result(200, false)])).toEqual({
      conclusion: 'failed',
      reasons: ['Threshold p99 < 100 ms was missed: 200 ms was measured.', 'The load is needs-more-data.'],
    });
  });

  test.each(['needs-more-data', 'not-applicable'] as const)('%s alone is inconclusive', (verdict) => {
    expect(conclude('finished', null, balance(verdict), []).conclusion).toBe('inconclusive');
  });

  test('a threshold that nothing was measured for is a doubt, never a pass', () => {
    const { conclusion, reasons } = conclude('finished', null, balance('balanced'), [result(null, false)]);
    expect(conclusion).toBe('inconclusive');
    expect(reasons[0]).toContain('could not be judged');
  });

  test('an aborted or failed run fails with its reason; one that was stopped or interrupted shows nothing for sure', () => {
    expect(conclude('aborted', 'Too slow.', balance('balanced'), [])).toEqual({
      conclusion: 'failed',
      reasons: ['Too slow.'],
    });
    expect(conclude('failed', null, balance('balanced'), []).conclusion).toBe('failed');
    expect(conclude('stopped', 'Stopped after 8 of 20 s.', balance('balanced'), [result(50, true)])).toEqual({
      conclusion: 'inconclusive',
      reasons: ['Stopped after 8 of 20 s.'],
    });
    expect(conclude('stopped', null, balance('balanced'), [result(200, false)]).conclusion).toBe('failed');
    expect(conclude('stopped', null, balance('imbalanced'), []).conclusion).toBe('failed');
    expect(conclude('interrupted', null, balance('balanced'), []).conclusion).toBe('inconclusive');
  });

  test('what else the scenario asked and did not get fails it', () => {
    const answers = { failures: ['It drifts.'], doubts: [] };
    expect(conclude('finished', null, balance('balanced'), [], answers)).toEqual({
      conclusion: 'failed',
      reasons: ['It drifts.'],
    });
  });

  test('a question that stayed open is a doubt', () => {
    const answers = { failures: [], doubts: ['Drift cannot be told.'] };
    expect(conclude('finished', null, balance('balanced'), [], answers)).toEqual({
      conclusion: 'inconclusive',
      reasons: ['Drift cannot be told.'],
    });
  });
});
