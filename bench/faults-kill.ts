import { killDuringFaults } from './support/faultKills.ts';

/** `npm run bench:faults -- [kills] [seed]`: kills the service during faults, 200 times unless told otherwise. */
const [kills = '200', seed = '6'] = process.argv.slice(2);
const startedAt = performance.now();
const { broken, ...results } = await killDuringFaults({
  kills: Number(kills),
  aloneEvery: 20,
  seed: Number(seed),
  readyWithinMs: 10_000,
  everyOtherAnswered: false,
});
console.log({ ...results, minutes: Math.round((performance.now() - startedAt) / 600) / 100 });
for (const sentence of broken) console.log(`BROKEN: ${sentence}`);
console.log(broken.length === 0 ? 'Nothing was left active.' : `${broken.length} promises were broken.`);
process.exitCode = broken.length === 0 ? 0 : 1;
