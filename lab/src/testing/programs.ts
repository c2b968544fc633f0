import { findProgram } from '../balancers/program.ts';

/**
 * `describe` for tests that need a program: skipped with a clear name where it is not installed, but never in CI, where
 * its absence is a failure.
 */
export function describeWith(program: 'nginx' | 'haproxy', tests: () => void): void {
  let missing = false;
  try {
    findProgram(program);
  } catch {
    missing = true;
  }
  if (missing && process.env.CI !== 'true') describe.skip(`${program} (not installed here: skipped)`, tests);
  else describe(program, tests);
}
