import { z } from 'zod';

/** Ids travel in URL paths; this alphabet needs no escaping anywhere (Grafana's proxy would double-encode others). */
export const ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

export const idSchema = z.string().regex(ID_PATTERN, 'must be 1 to 64 of the characters A-Z a-z 0-9 _ -');

/** A pod's name: a Kubernetes object name or an `address:port`. */
export const podIdSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9._:[\]-]{0,251}[A-Za-z0-9\]])?$/,
    'must be a pod name or address of at most 253 characters'
  );
