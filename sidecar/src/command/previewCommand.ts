import { styleText } from 'node:util';
import { formatThreshold } from '@evenkeel/contract/threshold';
import { builtinScenarios } from '@evenkeel/core/scenarios/builtinScenarios';
import { previewText } from '@evenkeel/core/scenarios/previewText';
import { scenarioPreview } from '@evenkeel/core/scenarios/scenarioPreview';
import { describeConnections, describeLoad } from '../runs/report/reportSections.ts';
import { formatScenarioText } from '../scenarios/scenarioText.ts';
import { scenarioBase } from './scenarioBase.ts';
import { type ScenarioFlags, scenarioFromFlags } from './scenarioFlags.ts';
import { EXIT } from './usageError.ts';

/** `evenkeel preview`: what a scenario would do, without doing it; without a name or flags, the built-in ones. */
export async function previewCommand(
  name: string | undefined,
  flags: ScenarioFlags & { yaml?: boolean }
): Promise<number> {
  const out = process.stdout;
  const { yaml, ...given } = flags;
  const all = name === undefined && Object.keys(given).length === 0;
  const names = all ? builtinScenarios().map(({ id }) => id) : [name];
  for (const each of names) {
    const scenario = scenarioFromFlags(given, await scenarioBase(each, given));
    if (yaml) {
      out.write(formatScenarioText(scenario, 'yaml'));
      continue;
    }
    const lines = [
      `${styleText('bold', all ? `${each}` : scenario.name)}  ${scenario.description}`,
      `  ${previewText(scenarioPreview(scenario), Math.max(20, Math.min(70, (out.columns ?? 100) - 30)))}`,
      `  ${describeLoad(scenario)}; first ${scenario.warmupSeconds} s are warm-up; ${describeConnections(scenario)}`,
      ...scenario.thresholds.map((threshold) => `  ${formatThreshold(threshold)}`),
    ];
    out.write(`${lines.join('\n')}\n\n`);
  }
  return EXIT.passed;
}
