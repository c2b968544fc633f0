import { executeRun, type RunExecution, type RunInput } from '../runs/runExecution.ts';
import { executeBreakingPoint } from './breakingPointExecution.ts';

/** Executes a scenario as it asks: plays its load profile once, or searches the breaking point within it. */
export const executeScenario = (input: RunInput): RunExecution =>
  input.run.scenario.breakingPoint === undefined ? executeRun(input) : executeBreakingPoint(input);
