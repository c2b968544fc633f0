import { z } from 'zod';
import { DEFAULT_EXPECT, MAX_EXPECT } from './expectation.ts';

/** A class of status codes, `2xx`, or one code, `404` (which YAML reads as a number). */
const expectedStatusSchema = z.union([
  z.int().min(200).max(999),
  z
    .string()
    .regex(/^([2-5][xX]{2}|[2-9]\d\d)$/, 'must be a class of status codes (2xx to 5xx) or one code (200 to 999)'),
]);

/** The statuses with which a request counts as answered well. */
export const expectSchema = z
  .array(expectedStatusSchema)
  .min(1)
  .max(MAX_EXPECT)
  .default([...DEFAULT_EXPECT]);
