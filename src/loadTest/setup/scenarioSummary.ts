import { profileSeconds } from '@evenkeel/contract/profileSeconds';
import type { Scenario } from '@evenkeel/contract/scenario';
import { ArrivalSchedule } from '@evenkeel/core/schedule/arrivalSchedule';
import { countText, durationText } from '@evenkeel/core/text/figures';

/** A scenario in a few words: "up to 1,000 requests/s for 1 min 5 s". */
export function loadSummary({ load, breakingPoint }: Scenario): string {
  const duration = durationText(profileSeconds(load));
  if (load.model === 'users') return `${countText(load.users)} users, ${duration}`;
  const rates = load.stages.flatMap((stage) => [stage.from, stage.to]);
  const highest = Math.max(...rates);
  if (breakingPoint) return `${countText(Math.min(...rates))} to ${countText(highest)} requests/s`;
  const steady = rates.every((rate) => rate === highest);
  return `${steady ? '' : 'up to '}${countText(highest)} requests/s, ${duration}`;
}

/** How much a start will send, for the line beside the start button. */
export function volumeSummary({ load, breakingPoint }: Scenario): string {
  const duration = durationText(profileSeconds(load));
  if (breakingPoint) return `Searches the breaking point for at most ${duration}.`;
  if (load.model === 'users') return `As many requests as the service answers, for ${duration}.`;
  return `About ${countText(new ArrivalSchedule(load.stages).total)} requests in ${duration}.`;
}
