import { styleText } from 'node:util';
import type { BreakingPointSettings } from '@evenkeel/contract/breakingPoint';
import type { Scenario } from '@evenkeel/contract/scenario';
import { formatThreshold } from '@evenkeel/contract/threshold';
import { describeConnections, describeLoad } from '@evenkeel/core/report/reportSections';
import { builtinScenarios } from '@evenkeel/core/scenarios/builtinScenarios';
import { previewText } from '@evenkeel/core/scenarios/previewText';
import { scenarioPreview } from '@evenkeel/core/scenarios/scenarioPreview';
import { stepTiming } from '@evenkeel/core/scenarios/stepTiming';
import { formatScenarioText } from '@evenkeel/sidecar/scenarios/scenarioText';
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
      `  ${describeLoad(scenario)}; ${unjudged(scenario)}; ${describeConnections(scenario)}`,
      ...(scenario.mix ?? []).map(
        ({ weight, request }) => `  weight ${weight}: ${request.method} ${request.path ?? "the target's own path"}`
      ),
      ...scenario.thresholds.map((threshold) => `  ${formatThreshold(threshold)}`),
      ...(scenario.breakingPoint ? [`  ${stepLimits(scenario.breakingPoint)}`] : []),
    ];
    out.write(`${lines.join('\n')}\n\n`);
  }
  return EXIT.passed;
}

/** Which part of the load counts for nothing. */
function unjudged({ breakingPoint, warmupSeconds }: Scenario): string {
  if (breakingPoint === undefined) return `first ${warmupSeconds} s are warm-up`;
  return `first ${stepTiming(breakingPoint).settleSeconds} s of a step are not judged`;
}

function stepLimits({ p95Ms, errorPercent, balancePercent, requiredRate }: BreakingPointSettings): string {
  const balance = balancePercent === null ? '' : `, balance >= ${balancePercent}`;
  const required = requiredRate === null ? '' : `; required are ${requiredRate} req/s`;
  return `a step passes with p95 <= ${p95Ms} ms, errorRate <= ${errorPercent} %${balance}${required}`;
}
