import { type Limits, STANDARD_LIMITS } from '@evenkeel/contract/limits';
import { scenarioSchemaFor } from '@evenkeel/contract/scenario';
import { builtinScenarios } from '@evenkeel/core/scenarios/builtinScenarios';
import type { BuiltInScenario } from './scenarioLibrary.ts';

/** The built-in scenarios with every default filled in. Those that narrower limits do not allow are left out. */
export function builtInCatalog(limits: Limits = STANDARD_LIMITS): readonly BuiltInScenario[] {
  const schema = scenarioSchemaFor(limits);
  return builtinScenarios().flatMap(({ id, scenario }) => {
    const parsed = schema.safeParse(scenario);
    return parsed.success ? [{ id, scenario: parsed.data }] : [];
  });
}
