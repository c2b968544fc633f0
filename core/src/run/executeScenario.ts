import { executeBreakingPoint } from './breakingPointExecution.ts';
import { executeRun, type RunExecution, type RunInput } from './runExecution.ts';

/** Executes a run by what its scenario asks for: the load profile, or the search of the breaking point. */
export function executeScenario(input: RunInput): RunExecution {
  return input.run.scenario.breakingPoint === undefined ? executeRun(input) : executeBreakingPoint(input);
}
