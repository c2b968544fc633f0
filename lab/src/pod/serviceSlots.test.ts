import { Random } from '@evenkeel/core/random/random';
import { ServiceSlots } from './serviceSlots.ts';

/** Runs jobs through slots with a timer that is late by up to `latenessMs`; when each job was done by the slots' own reckoning. */
function run(slots: ServiceSlots, arrivals: readonly number[], workMs: (n: number) => number, latenessMs: number) {
  const random = new Random(1);
  const done: number[] = [];
  const noticed: number[] = [];
  let now = 0;
  let next = 0;
  while (next < arrivals.length || slots.inService > 0) {
    const wake = slots.nextDue + random.next() * latenessMs;
    if (next < arrivals.length && arrivals[next]! <= wake) {
      now = Math.max(now, arrivals[next]!);
      const n = next++;
      slots.arrive({ workMs: workMs(n), done: () => noticed.push(n) }, now);
      done.push(n);
    } else {
      now = Math.max(now, wake);
    }
    slots.advance(now);
  }
  return { end: now, noticed };
}

test.each([
  [1, 10],
  [4, 10],
  [16, 3.3],
])('under backlog %d slots of %d ms do exactly slots / time, however late the timer is', (concurrency, workMs) => {
  const jobs = concurrency * 500;
  const slots = new ServiceSlots(concurrency, jobs);
  const { end, noticed } = run(slots, new Array(jobs).fill(0), () => workMs, 2);
  expect(noticed).toHaveLength(jobs);
  // Only the very last timer's lateness shows.
  expect(end).toBeGreaterThanOrEqual(500 * workMs - 1e-6);
  expect(end).toBeLessThan(500 * workMs + 2);
});

test('answers in the order of arrival when one after the other', () => {
  const slots = new ServiceSlots(1, 100);
  const { noticed } = run(slots, new Array(20).fill(0), (n) => (n % 3) + 1, 0);
  expect(noticed).toEqual(Array.from({ length: 20 }, (_, n) => n));
});

test('a queued job does not begin before it arrived', () => {
  const slots = new ServiceSlots(1, 10);
  const done: [string, number][] = [];
  let now = 0;
  const job = (name: string, workMs: number) => ({ workMs, done: () => done.push([name, now]) });
  slots.arrive(job('first', 10), 0);
  // The slot was free from 10 on, but its timer has not fired yet at 14.
  slots.arrive(job('second', 10), 14);
  now = 15;
  slots.advance(now);
  expect(slots.nextDue).toBe(24);
  now = 24;
  slots.advance(now);
  expect(done).toEqual([
    ['first', 15],
    ['second', 24],
  ]);
});

test('refuses what neither slots nor queue can hold', () => {
  const slots = new ServiceSlots(2, 1);
  const job = { workMs: 5, done: () => {} };
  expect(slots.arrive(job, 0)).not.toBeNull();
  expect(slots.arrive(job, 0)).not.toBeNull();
  expect(slots.arrive(job, 0)).not.toBeNull();
  expect(slots.arrive(job, 0)).toBeNull();
  expect([slots.inService, slots.queued]).toEqual([2, 1]);
  slots.advance(5);
  expect([slots.inService, slots.queued]).toEqual([1, 0]);
  expect(slots.arrive(job, 5)).not.toBeNull();
});

test('a cancelled job in the queue gives its place away; one in service runs on unheard', () => {
  const slots = new ServiceSlots(1, 1);
  const done: string[] = [];
  const job = (name: string) => ({ workMs: 10, done: () => done.push(name) });
  const cancelFirst = slots.arrive(job('first'), 0)!;
  const cancelSecond = slots.arrive(job('second'), 0)!;
  cancelSecond();
  cancelSecond();
  expect(slots.queued).toBe(0);
  expect(slots.arrive(job('third'), 1)).not.toBeNull();
  cancelFirst();
  expect(slots.inService).toBe(1);
  slots.advance(10);
  expect(slots.nextDue).toBe(20);
  slots.advance(20);
  cancelFirst();
  expect(done).toEqual(['third']);
  expect(slots.nextDue).toBe(Number.POSITIVE_INFINITY);
});

test('jobs without work are done at once', () => {
  const slots = new ServiceSlots(1, 1);
  let done = 0;
  slots.arrive({ workMs: 0, done: () => done++ }, 3);
  slots.advance(3);
  expect(done).toBe(1);
});

test('different lengths end in the order of their ends', () => {
  const random = new Random(5);
  const slots = new ServiceSlots(64, 0);
  const lengths = Array.from({ length: 64 }, () => random.next() * 100);
  const ended: number[] = [];
  for (const workMs of lengths) slots.arrive({ workMs, done: () => ended.push(workMs) }, 0);
  for (let now = 0; now <= 100; now += 7) slots.advance(now);
  slots.advance(100);
  expect(ended).toEqual([...lengths].sort((a, b) => a - b));
});
