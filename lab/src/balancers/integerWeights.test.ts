import { integerWeights } from './integerWeights.ts';

test.each([
  [
    [1, 1, 1],
    [1, 1, 1],
  ],
  [
    [1, 0.5, 0.25],
    [4, 2, 1],
  ],
  [
    [5, 1, 0],
    [5, 1, 0],
  ],
  [
    [100, 200],
    [1, 2],
  ],
  [
    [1, 0.33],
    [100, 33],
  ],
  [
    [1, 1 / Math.PI, 1e-9],
    [256, 81, 1],
  ],
  [
    [0, 0],
    [0, 0],
  ],
])('%j becomes %j', (weights, expected) => {
  expect(integerWeights(weights)).toEqual(expected);
});
