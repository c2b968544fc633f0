import type { Fault } from '@evenkeel/contract/fault';
import type { FaultReport, FaultWindow } from '@evenkeel/contract/faultReport';
import type { FaultImpact, FaultSpan } from './faultImpact.ts';
import { effectText, podsText } from './faultText.ts';

const timeOf = (fault: Fault, state: Fault['state']) => fault.steps.find((step) => step.state === state)?.at ?? null;

/** When a fault did what, for counting its impact. */
export function spanOf(fault: Fault): FaultSpan {
  return {
    id: fault.id,
    from: timeOf(fault, 'injecting') ?? fault.createdAt,
    activeAt: fault.activeAt,
    revertingAt: timeOf(fault, 'reverting'),
    until: fault.endedAt,
  };
}

/** What a fault did to a run that began at `startedAt` (milliseconds since the Unix epoch). */
export function faultReport(fault: Fault, impact: FaultImpact, startedAt: number): FaultReport {
  const secondOf = (at: number) => Math.round((at - startedAt) / 100) / 10;
  const { from, until } = spanOf(fault);
  return {
    faultId: fault.id,
    effect: fault.effect,
    pods: fault.pods.map(({ pod }) => pod),
    state: fault.state,
    ending: fault.ending,
    fromSecond: secondOf(from),
    untilSecond: until === null ? null : secondOf(until),
    ...impact,
    sentence: sentenceOf(fault, impact),
  };
}

function sentenceOf(fault: Fault, { before, during, recoverySeconds }: FaultImpact): string {
  const what = `${effectText(fault.effect)} on ${podsText(fault.pods.map(({ pod }) => pod))}`;
  if (fault.state === 'not-effective') return `${what} had no effect.`;
  if (before === null || during === null) return `${what}: too few whole seconds to compare.`;
  const changes = [
    change('p99', before, during, ({ p99Ms }) => p99Ms, ' ms', 1),
    change('errors', before, during, ({ errorRatePercent }) => errorRatePercent, ' %', 1),
    change('score', before, during, ({ scorePercent }) => scorePercent, '', 1),
  ].filter((text) => text !== null);
  const recovery =
    fault.endedAt === null
      ? 'it was not over by the end of the run'
      : recoverySeconds === null
        ? 'a recovery was not seen within the run'
        : `as before ${recoverySeconds.toFixed(1)} s after its end`;
  return `${what}: ${[...changes, recovery].join(', ')}.`;
}

function change(
  name: string,
  before: FaultWindow,
  during: FaultWindow,
  of: (window: FaultWindow) => number | null,
  unit: string,
  digits: number
): string | null {
  const [from, to] = [of(before), of(during)];
  if (from === null || to === null) return null;
  return `${name} ${from.toFixed(digits)} → ${to.toFixed(digits)}${unit}`;
}
