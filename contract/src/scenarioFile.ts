import { z } from 'zod';
import { idSchema } from './ids.ts';
import { nameSchema } from './plainText.ts';

/** Longest text of a scenario that is read, in bytes. */
export const MAX_SCENARIO_BYTES = 256 * 1024;

export const SCENARIO_FORMATS = ['yaml', 'json'] as const;
export type ScenarioFormat = (typeof SCENARIO_FORMATS)[number];

/** Query of `GET scenarios/{id}/file`. */
export const scenarioFileQuerySchema = z.strictObject({ format: z.enum(SCENARIO_FORMATS).default('yaml') });

/** Body of `POST scenarios/import`: the content of a file. */
export const importScenarioSchema = z.strictObject({
  /** JSON or YAML; which of the two is seen from the text. */
  text: z.string().max(MAX_SCENARIO_BYTES),
  /** Saved under this id, which creates or replaces it; without it under a new one, made from the name. */
  id: idSchema.optional(),
});
export type ImportScenarioInput = z.input<typeof importScenarioSchema>;

/** Body of `POST scenarios/{id}/duplicate`. */
export const duplicateScenarioSchema = z.strictObject({
  /** Name of the copy; without it that of the original with "(copy)" behind. */
  name: nameSchema(100).optional(),
});
export type DuplicateScenarioInput = z.input<typeof duplicateScenarioSchema>;
