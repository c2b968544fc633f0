import type { Random } from '../random/random.ts';
import { logGamma } from '../statistics/gamma.ts';

/** A binomial count by inversion outwards from the mode: exact, in about sqrt(n) steps. */
function binomial(random: Random, trials: number, chance: number): number {
  if (chance <= 0 || trials === 0) return 0;
  if (chance >= 1) return trials;
  const mode = Math.floor((trials + 1) * chance);
  const odds = chance / (1 - chance);
  const choices = logGamma(trials + 1) - logGamma(mode + 1) - logGamma(trials - mode + 1);
  let up = Math.exp(choices + mode * Math.log(chance) + (trials - mode) * Math.log1p(-chance));
  let down = up;
  let left = random.next() - up;
  for (let step = 1; left > 0 && step <= trials; step++) {
    const [above, below] = [mode + step, mode - step];
    up *= above <= trials ? ((trials - above + 1) / above) * odds : 0;
    left -= up;
    if (left <= 0) return above;
    down *= below >= 0 ? (below + 1) / ((trials - below) * odds) : 0;
    left -= down;
    if (left <= 0) return below;
  }
  return mode;
}

/** Counts of n independent decisions over pods with these probabilities: a random balancer, for tests. */
export function randomCounts(random: Random, probabilities: readonly number[], requests: number): number[] {
  let [requestsLeft, chanceLeft] = [requests, 1];
  return probabilities.map((chance, index) => {
    const isLast = index === probabilities.length - 1;
    const count = isLast ? requestsLeft : binomial(random, requestsLeft, Math.min(1, chance / chanceLeft));
    requestsLeft -= count;
    chanceLeft -= chance;
    return count;
  });
}

/** Routing probabilities of k pods whose CV is exactly `cv`: half above and half below, or a ramp for odd k. */
export function probabilitiesWithCv(k: number, cv: number): number[] {
  const offsets = Array.from({ length: k }, (_, i) => (k % 2 === 0 ? (i % 2 === 0 ? 1 : -1) : i - (k - 1) / 2));
  const size = Math.sqrt(offsets.reduce((sum, offset) => sum + offset * offset, 0) / k);
  return offsets.map((offset) => (1 + (cv * offset) / size) / k);
}
