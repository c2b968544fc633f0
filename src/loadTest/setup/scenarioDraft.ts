import type { StoredScenario } from '@evenkeel/contract/api';
import { DEFAULT_POLICY } from '@evenkeel/contract/connectionPolicy';
import { fieldProblems } from '@evenkeel/contract/fieldProblems';
import type { Limits } from '@evenkeel/contract/limits';
import { profileSeconds } from '@evenkeel/contract/profileSeconds';
import { type LoadModel, type Scenario, scenarioSchemaFor } from '@evenkeel/contract/scenario';

type UsersLoad = Extract<LoadModel, { model: 'users' }>;
type RateLoad = Extract<LoadModel, { model: 'rate' }>;

/** A scenario while a person works on it. Both load models are kept, so that trying the other one loses nothing. */
export interface ScenarioDraft {
  /** The stored scenario that it began as; null when it came from an earlier run. */
  readonly origin: StoredScenario | null;
  /** Everything but the load. */
  readonly scenario: Scenario;
  readonly model: LoadModel['model'];
  readonly users: UsersLoad;
  readonly rate: RateLoad;
}

const clamp = (value: number, { min, max }: { min: number; max: number }) => Math.min(max, Math.max(min, value));

/** A draft of `scenario`; the model that it does not use starts at something as long as the one that it does. */
export function draftOf(scenario: Scenario, limits: Limits, origin: StoredScenario | null): ScenarioDraft {
  const { load } = scenario;
  const durationSeconds = clamp(profileSeconds(load), limits.durationSeconds);
  const users: UsersLoad =
    load.model === 'users'
      ? load
      : {
          model: 'users',
          users: clamp(100, limits.users),
          spawnRate: clamp(20, limits.spawnRate),
          durationSeconds,
          thinkTimeMs: 0,
        };
  const rate: RateLoad =
    load.model === 'rate' ? load : { model: 'rate', stages: [{ from: 200, to: 200, durationSeconds }] };
  return { origin, scenario, model: load.model, users, rate };
}

/** The scenario that the draft stands for, not yet validated. */
export function scenarioOf({ scenario, model, users, rate }: ScenarioDraft): Scenario {
  const load = model === 'users' ? users : rate;
  if (model === 'users') {
    // The search for a breaking point moves a rate; users have none.
    const { breakingPoint: _, ...rest } = scenario;
    return { ...rest, load };
  }
  return { ...scenario, load };
}

/** Whether the draft is still what it began as, so that the run can name it by its id. */
export function isUntouched(draft: ScenarioDraft): boolean {
  return draft.origin !== null && JSON.stringify(scenarioOf(draft)) === JSON.stringify(draft.origin.scenario);
}

/** The policy that a load model has by itself changes with it; another one was chosen, and stays. */
export function withModel(draft: ScenarioDraft, model: LoadModel['model']): ScenarioDraft {
  const { connections } = draft.scenario;
  // Several streams need a pool.
  const usual = connections.policy === DEFAULT_POLICY[draft.model] && connections.streams === 1;
  const policy = usual ? DEFAULT_POLICY[model] : connections.policy;
  return { ...draft, model, scenario: { ...draft.scenario, connections: { ...connections, policy } } };
}

export interface DraftProblem {
  /** Path within the scenario, such as `load.stages.0.from`. */
  readonly path: string;
  readonly message: string;
}

/** Schemas by their limits: a form asks at every stroke of a key, and limits change once in a page's life. */
const schemas = new WeakMap<Limits, ReturnType<typeof scenarioSchemaFor>>();

/** Everything that keeps the draft from being started; empty when nothing does. */
export function draftProblems(draft: ScenarioDraft, limits: Limits): DraftProblem[] {
  const schema = schemas.get(limits) ?? scenarioSchemaFor(limits);
  schemas.set(limits, schema);
  const scenario = scenarioOf(draft);
  const parsed = schema.safeParse(scenario);
  if (parsed.success) return [];
  return fieldProblems(schema, parsed.error, scenario).map(({ field, message }) => ({ path: field, message }));
}
