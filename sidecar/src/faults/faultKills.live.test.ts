import { killDuringFaults } from '../../../bench/support/faultKills.ts';

/** A light number for every run of the tests; `npm run bench:faults` does 200. */
it('kill -9 of the real service during faults: nothing is left, with a restart or without', async () => {
  const { broken, faults, expiredAlone } = await killDuringFaults(5, 5, 3);
  expect(broken).toEqual([]);
  expect(faults).toBeGreaterThanOrEqual(3);
  expect(expiredAlone).toBe(1);
}, 120_000);
