/**
 * Characters that change how text is shown or read without being seen: control characters (C0 but for tab and line break, DEL, C1), all
 * that turns the direction of text, line and paragraph separators, blanks without width, fillers, and what no exchange of text allows.
 * Joiners (U+200C, U+200D) and selectors of variants are not among them: scripts and emoji need them.
 * The inside of a character class that needs no flags, so that it is the same pattern in a JSON schema. Apart from the schemas, for load workers.
 */
export const UNSEEN =
  '\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b\\u200e\\u200f' +
  '\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufdd0-\\ufdef\\ufeff\\uffa0\\ufff0-\\ufffb\\ufffe\\uffff';

/** Tags (U+E0000 to U+E007F), a text that nobody sees. One by one: no range of pairs means the same with and without the flag `u`. */
export const UNSEEN_PAIR = Array.from({ length: 0x80 }, (_, i) => `\\udb40\\u${(0xdc00 + i).toString(16)}`).join('|');

const EACH_UNSEEN = new RegExp(`[${UNSEEN}\\t\\n]|${UNSEEN_PAIR}`, 'g');

/** As YAML writes it within double quotes: `\u001b`, `\U000e0001`. */
function asNumber(character: string): string {
  const code = character.codePointAt(0)!;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** Text of whatever origin, for a message on one line: what would not be seen, or would steer a terminal, is written as its number. */
export const seen = (text: string): string => writtenOut(text).toWellFormed();

/** The same, and nothing is lost: half a pair of surrogates stays. */
export const writtenOut = (text: string): string => text.replace(EACH_UNSEEN, asNumber);

/** The same for a message of several lines. */
export const seenLines = (text: string): string => text.split('\n').map(seen).join('\n');

/** The same between quotes, those within it escaped. */
export const quotedText = (text: string): string => seen(JSON.stringify(text));
