import { STANDARD_LIMITS, WIDEST_LIMITS } from '@evenkeel/contract/limits';
import type { ScenarioInput } from '@evenkeel/contract/scenario';
import { DEFAULT_TARGET_PERCENT } from '@evenkeel/contract/targetPercent';
import { quotedText } from '@evenkeel/contract/unseenText';
import { builtinScenarios } from '@evenkeel/core/scenarios/builtinScenarios';
import { readScenarioFile, ScenarioFileError } from '@evenkeel/sidecar/scenarios/scenarioFile';
import type { ScenarioFlags } from './scenarioFlags.ts';
import { UsageError } from './usageError.ts';

/** What `run` loads with when nobody says anything: short, and enough requests for a verdict on a handful of pods. */
const DEFAULT: ScenarioInput = {
  name: 'First look',
  load: { model: 'rate', stages: [{ from: 500, to: 500, durationSeconds: 20 }] },
};

/** The scenario that flags are laid over: a built-in by name (asking for this balance), a file by path, or the default when no load is asked for. */
export async function scenarioBase(
  nameOrFile: string | undefined,
  flags: ScenarioFlags,
  targetPercent = DEFAULT_TARGET_PERCENT
): Promise<ScenarioInput | null> {
  if (nameOrFile === undefined) {
    const asked = flags.rate ?? flags.stage ?? flags.users ?? flags.spawnRate ?? flags.thinkTime;
    return asked === undefined ? DEFAULT : null;
  }
  const builtin = builtinScenarios(targetPercent).find(({ id }) => id === nameOrFile);
  if (builtin) return builtin.scenario;
  if (!/[./\\]/.test(nameOrFile)) {
    const names = builtinScenarios().map(({ id }) => id);
    throw new UsageError(
      `There is no scenario ${quotedText(nameOrFile)}; built in are ${names.join(', ')}. A file needs its ending (.json, .yaml).`
    );
  }
  try {
    return await readScenarioFile(nameOrFile, flags.allowAny ? WIDEST_LIMITS : STANDARD_LIMITS);
  } catch (error) {
    if (error instanceof ScenarioFileError) throw new UsageError(error.message);
    throw error;
  }
}
