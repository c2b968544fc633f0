import fc from 'fast-check';
import { benjaminiHochberg } from './benjaminiHochberg.ts';

test('the example of the paper (Benjamini and Hochberg 1995, section 4.1): 4 of 15 at q = 0.05', () => {
  const p = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
  ];
  expect(benjaminiHochberg(p, 0.05).filter(Boolean)).toHaveLength(4);
  expect(benjaminiHochberg([...p].reverse(), 0.05).slice(-4)).toEqual([true, true, true, true]);
});

test('a p-value above its own line counts when a later one is below', () => {
  expect(benjaminiHochberg([0.03, 0.035, 0.04, 0.045], 0.05)).toEqual([true, true, true, true]);
});

test('no tests, no findings', () => {
  expect(benjaminiHochberg([], 0.01)).toEqual([]);
});

test('never finds fewer than Bonferroni, nor anything above q', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (p) => {
      benjaminiHochberg(p, 0.01).forEach((found, i) => {
        if (p[i]! <= 0.01 / p.length) expect(found).toBe(true);
        if (p[i]! > 0.01) expect(found).toBe(false);
      });
    }),
    { seed: 3 }
  );
});
