import type { Scenario } from '@evenkeel/contract/scenario';
import { loadProfile } from '@evenkeel/core/schedule/loadProfile';
import { countText, durationText } from '../../components/figureText.ts';

/** A scenario in a few words: "up to 1,000 requests/s for 1 min 5 s". */
export function loadSummary({ load, breakingPoint }: Scenario): string {
  const duration = durationText(loadProfile(load).durationSeconds);
  if (load.model === 'users') return `${countText(load.users)} users, ${duration}`;
  const rates = load.stages.flatMap((stage) => [stage.from, stage.to]);
  const highest = Math.max(...rates);
  if (breakingPoint) return `${countText(Math.min(...rates))} to ${countText(highest)} requests/s`;
  const steady = rates.every((rate) => rate === highest);
  return `${steady ? '' : 'up to '}${countText(highest)} requests/s, ${duration}`;
}

/** How much a start will send, for the line beside the start button. */
export function volumeSummary(scenario: Scenario): string {
  const { requests, durationSeconds } = loadProfile(scenario.load);
  if (scenario.breakingPoint) return `Searches the breaking point for at most ${durationText(durationSeconds)}.`;
  if (requests === null) return `As many requests as the service answers, for ${durationText(durationSeconds)}.`;
  return `About ${countText(Math.round(requests))} requests in ${durationText(durationSeconds)}.`;
}
