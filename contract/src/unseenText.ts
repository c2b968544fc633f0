/**
 * Characters that change how text is shown or read without being seen: control characters (C0 but for tab and line break, DEL, C1), the
 * embeddings, overrides and isolates of bidirectional text, line and paragraph separators, and what no exchange of text allows.
 * The inside of a character class that needs no flags, so that it is the same pattern in a JSON schema. Apart from the schemas, for load workers.
 */
export const UNSEEN = '\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ufffe\\uffff';

const EACH_UNSEEN = new RegExp(`[${UNSEEN}\\t\\n]`, 'g');

/** Text of whatever origin, for a message on one line: what would not be seen, or would steer a terminal, is written as its number. */
export const seen = (text: string): string =>
  text
    .replace(EACH_UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .toWellFormed();

/** The same between quotes, those within it escaped. */
export const quotedText = (text: string): string => seen(JSON.stringify(text));
