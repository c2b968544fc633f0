import { parseFault } from './parseFault.ts';

it.each<[string, object]>([
  ['latency:high@10s+20s', { type: 'latency', severity: 'high', atSecond: 10, forSeconds: 20 }],
  ['latency:250ms,jitter=20ms@0+1m', { type: 'latency', delayMs: 250, jitterMs: 20, atSecond: 0, forSeconds: 60 }],
  ['latency:0.25s@1.5s+5', { type: 'latency', delayMs: 250, atSecond: 1.5, forSeconds: 5 }],
  [
    'errors:20%,pods=25%,status=500,seed=7@5s+5s',
    { type: 'errors', percent: 20, scope: { percent: 25 }, status: 500, seed: 7, atSecond: 5, forSeconds: 5 },
  ],
  [
    'pod-failure:medium,stay-down@5s+5s',
    { type: 'pod-failure', severity: 'medium', restart: false, atSecond: 5, forSeconds: 5 },
  ],
  [
    'partition:label=zone=a,stall@5s+5s',
    { type: 'partition', scope: { label: 'zone=a' }, existing: 'stall', atSecond: 5, forSeconds: 5 },
  ],
  ['partition:pods=2@5s+5s', { type: 'partition', scope: { count: 2 }, atSecond: 5, forSeconds: 5 }],
])('reads %s', (text, fault) => {
  expect(parseFault(text)).toEqual(fault);
});

it.each([
  ['latency:high', 'write type:what@start+duration'],
  ['latency:high@10s', 'write type:what@start+duration'],
  ['flood:high@10s+20s', 'flood is not one of latency, errors, pod-failure, partition'],
  ['latency:hgih@10s+20s', '"hgih" is neither a severity'],
  ['latency:49ms@10s+20s', 'delayMs: '],
  ['latency:1001ms@10s+20s', 'delayMs: '],
  ['errors:51%@10s+20s', 'percent: '],
  ['latency:high@10s+20h', '"20h" is not a time'],
  ['latency:high@10s+601s', 'forSeconds: '],
  ['latency:high,status=500@10s+20s', 'status'],
  ['latency:high,pods=1,label=a=b@1+2', 'scope: needs exactly one'],
  ['latency:high,pods=all@1+2', '"all" is not a number'],
])('refuses %s', (text, why) => {
  expect(() => parseFault(text)).toThrow(`--fault "${text}"`);
  expect(() => parseFault(text)).toThrow(why);
});

it.each([
  'X',
  'latency:X@1+2',
  'latency:9X@1+2',
  'errors:9X@1+2',
  'latency:high@X+2',
  'latency:high,pods=X@1+2',
  'latency:high,label=X@1+2',
])('writes out what cannot be seen in %s', (text) => {
  const evil = text.replace('X', '\u001b[2J\u202e\u009b\u200b\t');
  expect(() => parseFault(evil)).toThrow(/^[ -~…]*$/);
  expect(() => parseFault(evil)).toThrow('\\u001b[2J\\u202e\\u009b\\u200b');
});
