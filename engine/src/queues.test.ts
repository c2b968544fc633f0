import { type Deadlined, DeadlineList } from './deadlineList.ts';
import { TimedQueue } from './timedQueue.ts';

test('TimedQueue is first in, first out around its end', () => {
  const queue = new TimedQueue(3);
  expect(queue.firstTime).toBe(Number.POSITIVE_INFINITY);
  const out: number[] = [];
  for (let i = 0; i < 10; i++) {
    queue.push(i, i * 10);
    queue.push(i + 100, i * 10 + 1);
    expect(queue.firstTime).toBe(i * 10);
    out.push(queue.shift(), queue.shift());
  }
  expect(out).toEqual(Array.from({ length: 10 }, (_, i) => [i, i + 100]).flat());
  expect(queue.size).toBe(0);
});

test('DeadlineList keeps order through removals anywhere', () => {
  const item = (intended: number): Deadlined => ({ intended, earlier: null, later: null });
  const [a, b, c, d] = [item(1), item(2), item(3), item(4)] as const;
  const list = new DeadlineList<Deadlined>();
  for (const one of [a, b, c, d]) list.add(one);
  list.remove(b);
  expect([list.first, list.size]).toEqual([a, 3]);
  list.remove(a);
  expect(list.first).toBe(c);
  list.remove(d);
  list.add(b);
  list.remove(c);
  expect([list.first, list.size]).toEqual([b, 1]);
  list.remove(b);
  expect([list.first, list.size]).toEqual([null, 0]);
});
