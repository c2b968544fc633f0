import { killDuringFaults } from '../../../bench/support/faultKills.ts';

/** A light number for every run of the tests, which measures no time; `npm run bench:faults` does 200 and holds it to ten seconds. */
it('kill -9 of the real service during faults: nothing is left, with a restart or without', async () => {
  const { broken, faults, expiredAlone } = await killDuringFaults({
    kills: 5,
    aloneEvery: 5,
    seed: 3,
    readyWithinMs: 60_000,
    everyOtherAnswered: true,
  });
  expect(broken).toEqual([]);
  expect(faults).toBeGreaterThanOrEqual(3);
  expect(expiredAlone).toBe(1);
}, 300_000);
