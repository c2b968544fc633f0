import type { PlannedFault } from '@evenkeel/contract/faultPlan';
import { planConflicts } from './planConflicts.ts';

const fault = (atSecond: number, forSeconds: number, pod?: string): PlannedFault => ({
  type: 'latency',
  severity: 'low',
  atSecond,
  forSeconds,
  ...(pod === undefined ? {} : { scope: { pod } }),
});

it.each<[string, PlannedFault[], number[]]>([
  ['one after the other with a rest', [fault(0, 10, 'a'), fault(15, 10, 'a')], []],
  ['one after the other without', [fault(0, 10, 'a'), fault(14, 10, 'a')], [1]],
  ['overlapping, written in the other order', [fault(5, 10, 'a'), fault(0, 10, 'a')], [0]],
  ['on two pods', [fault(0, 10, 'a'), fault(0, 10, 'b')], []],
  ['drawn', [fault(0, 10), fault(0, 10), fault(0, 10, 'a')], []],
  [
    'a third that begins after the first, which kept the second away',
    [fault(0, 10, 'a'), fault(5, 90, 'a'), fault(20, 1, 'a')],
    [1],
  ],
])('%s', (_, plan, refused) => {
  const conflicts = planConflicts(plan, 5000);
  expect(conflicts.map(({ index }) => index)).toEqual(refused);
});

it('says until when the pod is not free', () => {
  const [conflict] = planConflicts([fault(0, 10, 'a'), fault(14, 10, 'a')], 5000);
  expect(conflict!.message).toBe(
    'It begins at 14 s, when a is still under an earlier fault of the plan or rests from it (until 15 s).'
  );
});
