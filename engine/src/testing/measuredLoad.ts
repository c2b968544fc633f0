import { WIDEST_LIMITS } from '@evenkeel/contract/limits';
import { OUTCOMES, type OutcomeCounts } from '@evenkeel/contract/outcome';
import { type ScenarioInput, scenarioSchemaFor } from '@evenkeel/contract/scenario';
import type { LoadEnd, LoadHandle, LoadPlan, LoadSecond } from '@evenkeel/core/run/loadEngine';
import type { SecondCounter } from '@evenkeel/core/run/secondCounts';
import { LoadEngine, type LoadEngineOptions } from '../loadEngine.ts';

/** Tests need loads shorter than any that a person may ask for. */
const scenarios = scenarioSchemaFor({ ...WIDEST_LIMITS, durationSeconds: { min: 0.1, max: 60 } });

/** A whole load, summed up for assertions. */
export interface MeasuredLoad {
  readonly seconds: readonly LoadSecond[];
  readonly phases: readonly (readonly [phase: string, second: number])[];
  readonly end: LoadEnd;
  readonly outcomes: OutcomeCounts;
  /** First-attempt decisions by pod. */
  readonly decisions: Readonly<Record<string, number>>;
  total(field: SecondCounter | 'completed'): number;
}

export type PlanChange = Partial<Omit<LoadPlan, 'scenario' | 'url'>> & {
  readonly scenario?: Partial<ScenarioInput>;
  readonly during?: (handle: LoadHandle) => void;
  readonly engine?: LoadEngineOptions;
};

/** A constant rate over seconds. */
export function rate(perSecond: number, durationSeconds: number): ScenarioInput['load'] {
  return { model: 'rate', stages: [{ from: perSecond, to: perSecond, durationSeconds }] };
}

/** A connection for every request of a load: then none is dropped, however long a busy machine stands still. */
export function roomFor(requests: number): ScenarioInput['connections'] {
  return { policy: 'round-robin', count: requests };
}

/** Users that all start within the first tenth of a second. */
export function users(count: number, durationSeconds: number, thinkTimeMs = 0): ScenarioInput['load'] {
  return { model: 'users', users: count, spawnRate: count * 10, durationSeconds, thinkTimeMs };
}

export async function startLoad(url: string, change: PlanChange = {}): Promise<LoadHandle> {
  const { scenario, during: _during, engine, ...plan } = change;
  return new LoadEngine({ workers: 1, ...engine }).start({
    runId: 'run-1',
    url,
    attribution: { header: 'x-evenkeel-pod' },
    pods: [],
    acceptUnknownPods: true,
    allowedNetworks: ['127.0.0.0/8'],
    ...plan,
    scenario: scenarios.parse({ name: 'test', load: rate(200, 0.5), warmupSeconds: 0, ...scenario }),
  });
}

export async function measuredLoad(url: string, change: PlanChange = {}): Promise<MeasuredLoad> {
  const handle = await startLoad(url, change);
  const seconds: LoadSecond[] = [];
  const phases: (readonly [string, number])[] = [];
  handle.onSecond((second) => seconds.push(second));
  handle.onPhase((phase, second) => phases.push([phase, second]));
  change.during?.(handle);
  const end = await handle.ended;
  const decisions: Record<string, number> = {};
  for (const second of seconds) {
    for (const [pod, counted] of second.pods) decisions[pod] = (decisions[pod] ?? 0) + counted.decisions;
  }
  return {
    seconds,
    phases,
    end,
    outcomes: Object.fromEntries(
      OUTCOMES.map((outcome, index) => [outcome, seconds.reduce((sum, second) => sum + second.outcomes[index]!, 0)])
    ) as OutcomeCounts,
    decisions,
    total: (field) => seconds.reduce((sum, second) => sum + second[field], 0),
  };
}
