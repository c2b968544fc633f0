import { faultSpans } from './faultSpans.ts';

const mark = (second: number, kind: string) => ({ second, kind, text: '' });

describe('when faults were active', () => {
  test('from the moment it is active until it is certainly over', () =>
    expect(
      faultSpans([
        mark(9, 'fault-injecting'),
        mark(10, 'fault-active'),
        mark(30, 'fault-reverting'),
        mark(31, 'fault-reverted'),
      ])
    ).toEqual([{ from: 10, to: 31 }]));

  test('one that is not over has no end', () =>
    expect(faultSpans([mark(10, 'fault-active')])).toEqual([{ from: 10, to: null }]));

  test('two at once are one span, until the last of them is over', () =>
    expect(
      faultSpans([
        mark(10, 'fault-active'),
        mark(20, 'fault-active'),
        mark(25, 'fault-reverted'),
        mark(40, 'fault-not-effective'),
        mark(60, 'fault-active'),
        mark(70, 'fault-revert-failed'),
      ])
    ).toEqual([
      { from: 10, to: 40 },
      { from: 60, to: 70 },
    ]));

  test('an end without a beginning, as after a reconnection, and other marks change nothing', () =>
    expect(faultSpans([mark(1, 'fault-reverted'), mark(2, 'phase'), mark(3, 'pod-restarted')])).toEqual([]));
});
