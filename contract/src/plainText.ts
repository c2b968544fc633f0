import { z } from 'zod';
import { UNSEEN, UNSEEN_PAIR } from './unseenText.ts';

/** A pair of surrogates is one character; without flags, as a JSON schema wants it. */
const charactersBut = (refused: string) =>
  `(?:(?!${UNSEEN_PAIR})(?:[^${refused}\\ud800-\\udfff]|[\\ud800-\\udbff][\\udc00-\\udfff]))*$`;

/** What is allowed within text and leaves nothing to see when there is nothing else: blanks, joiners, selectors of variants. */
const BLANK =
  ' \\u00a0\\u034f\\u1680\\u180b-\\u180f\\u2000-\\u200d\\u202f\\u205f\\u2800\\u3000\\ufe00-\\ufe0f\\ud800-\\udfff';
const VISIBLE = `(?:[^${BLANK}]|(?!\\udb40)[\\ud800-\\udbff][\\udc00-\\udfff])`;

const LINE = new RegExp(`^${charactersBut(`${UNSEEN}\\t\\n`)}`);
const LINES = new RegExp(`^${charactersBut(UNSEEN)}`);
/** Empty text is left to the smallest length, which says so. */
const NAME = new RegExp(`^(?=$|[\\s\\S]*?${VISIBLE})${charactersBut(`${UNSEEN}\\t\\n`)}`);

const UNALLOWED = 'without control characters, invisible ones and those that turn the direction of text';

/** One line that a person writes and others read: a label, a reason. */
export const lineSchema = (maxLength: number) => z.string().max(maxLength).regex(LINE, `must be one line ${UNALLOWED}`);

/** What something is called: one line in which something can be seen. */
export const nameSchema = (maxLength: number) =>
  z.string().min(1).max(maxLength).regex(NAME, `must be one line with a character that can be seen, ${UNALLOWED}`);

/** Text of several lines that a person writes and others read: a note, a description. */
export const linesSchema = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(
      LINES,
      'must hold no control characters but tabs and line breaks, no invisible ones, and none that turn the direction of text'
    );
