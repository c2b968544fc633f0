import { holm } from './holm.ts';

it.each<[number[], boolean[]]>([
  [[], []],
  [[0.04], [true]],
  [[0.051], [false]],
  // 0.01 <= 0.05 / 4, 0.015 <= 0.05 / 3, 0.04 > 0.05 / 2: the rest falls with it.
  [
    [0.04, 0.01, 0.049, 0.015],
    [false, true, false, true],
  ],
  // Bonferroni alone would keep only the first of these.
  [
    [0.01, 0.02, 0.05],
    [true, true, true],
  ],
  [
    [0.02, 0.02, 0.02],
    [false, false, false],
  ],
])('%j', (pValues, expected) => {
  expect(holm(pValues, 0.05)).toEqual(expected);
});
