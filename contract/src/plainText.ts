import { z } from 'zod';
import { UNSEEN } from './unseenText.ts';

/** A pair of surrogates is one character; without flags, as a JSON schema wants it. */
const patternOf = (refused: string) =>
  new RegExp(`^(?:[^${refused}\\ud800-\\udfff]|[\\ud800-\\udbff][\\udc00-\\udfff])*$`);

const LINE = patternOf(`${UNSEEN}\\t\\n`);
const LINES = patternOf(UNSEEN);

/** One line that a person writes and others read: a name, a label, a reason. */
export const lineSchema = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(LINE, 'must be one line without control characters and without characters that turn the direction of text');

/** Text of several lines that a person writes and others read: a note, a description. */
export const linesSchema = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(LINES, 'must hold no control characters but tabs and line breaks, and none that turn the direction of text');
