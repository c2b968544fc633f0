import { z } from 'zod';

/**
 * Characters that change how text is shown or read without being seen: control characters (C0 but for tab and line break, DEL, C1), the
 * embeddings, overrides and isolates of bidirectional text, line and paragraph separators, and what no exchange of text allows.
 * Written without flags, so that it is the same pattern in a JSON schema; a pair of surrogates is one character.
 */
const UNSEEN = '\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ufffe\\uffff';
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

const EACH_UNSEEN = new RegExp(`[${UNSEEN}]`, 'g');

/** Text of whatever origin, for a message: what would not be seen is written as its number. */
export const seen = (text: string): string =>
  text
    .replace(EACH_UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .toWellFormed();
