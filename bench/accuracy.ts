import { parseArgs } from 'node:util';
import { memory } from './accuracy/memory.ts';
import { percentiles } from './accuracy/percentiles.ts';
import { podCost } from './accuracy/podCost.ts';
import { rates } from './accuracy/rates.ts';
import { selfImbalance } from './accuracy/selfImbalance.ts';
import { stall } from './accuracy/stall.ts';
import { nginxTarget } from './support/nginxTarget.ts';
import { installed } from './support/pinnedProcess.ts';
import { machine, publish } from './support/resultsPage.ts';

/** How true the load engine's own figures are. Installs nothing; sections whose programs are missing are left out. */
const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    'memory-seconds': { type: 'string', default: '60' },
    only: { type: 'string' },
    'no-write': { type: 'boolean', default: false },
  },
});
const [seconds, memorySeconds] = [Number(flags.seconds), Number(flags['memory-seconds'])];
const GENERATOR_CORE = 0;
const SERVER_CORE = 1;

const about = machine();
const target = installed('nginx') ? await nginxTarget(SERVER_CORE) : null;
if (target === null) console.log('nginx is not installed (Debian: nginx): rates, cost by pods and memory are left out');
const sections: Readonly<Record<string, (() => Promise<string>) | null>> = {
  rates: target && (() => rates(target, GENERATOR_CORE, seconds)),
  percentiles: async () => percentiles(),
  stall: () => stall(GENERATOR_CORE, SERVER_CORE),
  imbalance: () => selfImbalance(GENERATOR_CORE, SERVER_CORE),
  pods: target && (() => podCost(target, GENERATOR_CORE, Math.min(5, seconds), 5)),
  memory: target && (() => memory(target, GENERATOR_CORE, memorySeconds)),
};
const texts: string[] = [];
try {
  for (const [name, section] of Object.entries(sections)) {
    if (section === null || (flags.only !== undefined && !flags.only.split(',').includes(name))) continue;
    const text = await section();
    console.log(`${text}\n`);
    texts.push(text);
  }
} finally {
  await target?.stop();
}
if (!flags['no-write'] && flags.only === undefined)
  publish('bench:accuracy', ['', ...texts.flatMap((text) => [text, '']), `${about}.`].join('\n'));
