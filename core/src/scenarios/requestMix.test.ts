import { Random } from '../random/random.ts';
import { RequestMix } from './requestMix.ts';

function counts(weights: readonly number[], draws: number): number[] {
  const mix = new RequestMix(weights, new Random(1));
  const found = weights.map(() => 0);
  for (let i = 0; i < draws; i++) found[mix.next()]!++;
  return found;
}

it.each([[[1]], [[1, 1]], [[3, 1]], [[0.5, 2, 7.5]], [[1000, 0.001, 1000]]])('draws %j by weight', (weights) => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const draws = 20_000;
  for (const [i, found] of counts(weights, draws).entries()) {
    const share = weights[i]! / total;
    // Five standard deviations of the binomial: a fixed seed never gets near.
    expect(Math.abs(found - share * draws)).toBeLessThanOrEqual(5 * Math.sqrt(draws * share * (1 - share)));
  }
});

it('follows no order that a balancer could fall into step with', () => {
  const mix = new RequestMix([1, 1], new Random(2));
  const drawn = Array.from({ length: 4000 }, () => mix.next());
  const same = drawn.filter((index, i) => i > 0 && index === drawn[i - 1]).length;
  expect(Math.abs(same - 2000)).toBeLessThan(160);
});
