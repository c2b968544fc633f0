import { Random } from '../random/random.ts';
import { withRarePooled } from './rarePods.ts';
import { randomCounts } from './routingFake.ts';
import { cvInterval } from './scoreInterval.ts';
import { type Cell, spreadOf } from './spread.ts';

const cell = (observed: number, expected: number): Cell => ({
  observed,
  expected,
  variance: expected,
  expectedRequests: expected,
});

test('pods with enough expected stay as they are', () => {
  const cells = [cell(7, 5), cell(3, 5), cell(50, 50)];
  expect(withRarePooled(cells)).toBe(cells);
  expect(withRarePooled([])).toEqual([]);
});

test('rare pods are put together, with the next larger one when they are too few', () => {
  expect(withRarePooled([cell(40, 50), cell(1, 3), cell(4, 4), cell(30, 30)])).toEqual([
    cell(5, 7),
    cell(30, 30),
    cell(40, 50),
  ]);
  expect(withRarePooled([cell(40, 50), cell(2, 0.5), cell(30, 30)])).toEqual([cell(32, 30.5), cell(40, 50)]);
  expect(withRarePooled([cell(0, 2), cell(3, 1)])).toEqual([cell(3, 3)]);
});

test('a pod of tiny weight does not make a fair random balancer look uneven', () => {
  const random = new Random(15);
  const shares = [1000, 1000, 1000, 1000, 0.8].map((weight) => weight / 4000.8);
  const uneven = (prepare: (cells: readonly Cell[]) => readonly Cell[]) => {
    let count = 0;
    for (let repeat = 0; repeat < 1000; repeat++) {
      const cells = randomCounts(random, shares, 400).map((observed, i) => {
        const expected = 400 * shares[i]!;
        return { observed, expected, variance: expected * (1 - shares[i]!), expectedRequests: expected };
      });
      if (cvInterval(spreadOf(prepare(cells))!).low > 0) count++;
    }
    return count / 1000;
  };
  expect(uneven((cells) => cells)).toBeGreaterThan(0.07);
  expect(uneven(withRarePooled)).toBeLessThan(0.04);
});
