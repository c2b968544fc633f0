import { z } from 'zod';

/** A number in a query: text, which is turned into it. Its type is said apart, as what is turned could also be null. */
export const queryNumber = (min: number, max: number) => z.coerce.number().min(min).max(max).meta({ type: 'number' });
export const queryInt = (min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).meta({ type: 'integer' });
