import { largestRemainder } from './largestRemainder.ts';

test.each([
  [10, [1, 1, 1], [4, 3, 3]],
  [2, [1, 1, 1], [1, 1, 0]],
  [0, [1, 1], [0, 0]],
  [7, [1, 2, 4], [1, 2, 4]],
  [100, [0.5, 0.25, 0.25], [50, 25, 25]],
  [1, [1, 9], [0, 1]],
])('%d over %j is %j', (total, weights, parts) => {
  expect(largestRemainder(total, weights)).toEqual(parts);
});
