import { z } from 'zod';
import { POD_NAME } from './podName.ts';

/** Ids travel in URL paths; this alphabet needs no escaping anywhere (Grafana's proxy would double-encode others). */
export const ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

export const idSchema = z.string().regex(ID_PATTERN, 'must be 1 to 64 of the characters A-Z a-z 0-9 _ -');

export const podIdSchema = z.string().regex(POD_NAME, 'must be a pod name or address of at most 253 characters');
