import { FAULT_TYPES, faultOrderSchema, SEVERITIES } from '@evenkeel/contract/faultPlan';
import { newDraft, numberOf, orderOf, severityText, withType } from './faultDraft.ts';

const draft = newDraft(7);

it.each(FAULT_TYPES.flatMap((type) => SEVERITIES.map((severity) => [type, severity] as const)))(
  'the form for %s, %s is an order that the service takes',
  (type, severity) => {
    const order = orderOf({ ...withType(draft, type), severity });
    expect(faultOrderSchema.safeParse(order).error?.issues).toBeUndefined();
    expect(order).toMatchObject({ type, seed: 7, forSeconds: 30 });
  }
);

it.each([
  [{ scopeKind: 'pod', pod: 'pod-2' }, { pod: 'pod-2' }],
  [{ scopeKind: 'count', count: 2 }, { count: 2 }],
  [{ scopeKind: 'percent', share: 50 }, { percent: 50 }],
  [{ scopeKind: 'label', label: ' zone=a ' }, { label: 'zone=a' }],
] as const)('a scope %j, for every type', (part, scope) => {
  for (const type of FAULT_TYPES) {
    const order = orderOf({ ...withType(draft, type), ...part });
    expect(faultOrderSchema.parse(order).scope).toEqual(scope);
  }
});

it('asks nothing while the pod or the label is missing', () => {
  expect(orderOf({ ...draft, scopeKind: 'pod' })).toBeNull();
  expect(orderOf({ ...draft, scopeKind: 'label', label: 'zone' })).toBeNull();
});

it('a number of its own takes the place of the severity', () => {
  expect(orderOf({ ...draft, delayMs: 123 })).toMatchObject({ delayMs: 123 });
  expect(orderOf({ ...draft, delayMs: 123 })).not.toHaveProperty('severity');
  expect(numberOf({ ...draft, delayMs: 123 })).toBe(123);
  expect(numberOf(draft)).toBe(250);
});

it('says what a severity stands for', () => {
  expect(severityText('latency', 'high')).toBe('1000 ms');
  expect(severityText('errors', 'low')).toBe('5 %');
  expect(severityText('partition', 'low')).toBe('1 pod');
  expect(severityText('pod-failure', 'high')).toBe('50 % of the pods');
});

it('goes back from a scope by severity to a number of pods', () => {
  expect(withType(withType(draft, 'partition'), 'errors').scopeKind).toBe('count');
});
