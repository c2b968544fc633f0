/**
 * The zero of a monotone function between `low` and `high`, whose values there have opposite signs (or are zero), by the
 * Illinois method: false position that halves the stale end, so it never leaves the bracket. `tolerance` is in units of x.
 */
export function findRoot(f: (x: number) => number, low: number, high: number, tolerance: number): number {
  let [a, b] = [low, high];
  let [fa, fb] = [f(a), f(b)];
  if (fa === 0) return a;
  if (fb === 0) return b;
  if (fa > 0 === fb > 0) throw new RangeError(`no sign change between ${low} and ${high}`);
  let stale = 0;
  for (let step = 0; step < 200 && Math.abs(b - a) > tolerance; step++) {
    // Every fourth step bisects: false position alone creeps where the function is flat at one end.
    const middle = step % 4 === 3 ? 0.5 * (a + b) : (a * fb - b * fa) / (fb - fa);
    const value = f(middle);
    if (value === 0) return middle;
    if (value > 0 === fb > 0) {
      b = middle;
      fb = value;
      if (stale === 1) fa *= 0.5;
      stale = 1;
    } else {
      a = middle;
      fa = value;
      if (stale === -1) fb *= 0.5;
      stale = -1;
    }
  }
  return 0.5 * (a + b);
}
