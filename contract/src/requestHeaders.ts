import { z } from 'zod';
import { RUN_HEADER } from './attribution.ts';
import { MAX_HEADER_VALUE_LENGTH, MAX_HEADERS } from './limits.ts';

/** Headers that frame the message or the hop, and the one that tells the run; the engine owns them. */
const OWNED =
  /^(host|connection|proxy-connection|content-length|transfer-encoding|upgrade|http2-settings|te|trailer|keep-alive|expect)$/i;

const name = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/, 'must be an HTTP header name')
  .refine(
    (text) => !OWNED.test(text),
    'must not be one that the engine sets: host, connection, content-length and other hop headers'
  )
  .refine((text) => text.toLowerCase() !== RUN_HEADER, 'must not be the one that tells the run');

const value = z
  .string()
  .max(MAX_HEADER_VALUE_LENGTH)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  .regex(/^[^\x00-\x08\x0a-\x1f\x7f]*$/, 'must hold no control characters')
  .refine((text) => text.isWellFormed(), 'must hold no half of a surrogate pair');

const byName = z.record(
  name,
  z.union([value, z.array(value).min(1)], { error: 'must be text (put it in quotes), or a list of texts' })
);
const inOrder = z.array(z.tuple([name, value])).max(MAX_HEADERS);

export type RequestHeaders = [name: string, value: string][];

/**
 * The headers of a request, in the order in which they are sent; a name may come more than once, and is sent as it is written. Written
 * as a map of names to values (a list of values for a name that is repeated), or as a list of `[name, value]`, which is what they
 * become. A value is sent as UTF-8. Blanks at its ends are no part of it.
 */
export const requestHeadersSchema = z
  .preprocess(
    // The one name that a record loses without a word.
    (given) =>
      typeof given === 'object' && given !== null && Object.hasOwn(given, '__proto__') ? Object.entries(given) : given,
    z.union([byName, inOrder], { error: 'must be names with values, or a list of [name, value]' })
  )
  .transform((headers): RequestHeaders => (Array.isArray(headers) ? headers : pairsOf(headers)).map(trimmed))
  .refine((headers) => headers.length <= MAX_HEADERS, `at most ${MAX_HEADERS} headers`);

/** Headers as a person writes them. */
export type RequestHeadersInput = z.input<typeof requestHeadersSchema>;

const pairsOf = (headers: z.infer<typeof byName>): RequestHeaders =>
  Object.entries(headers).flatMap(([key, values]) => [values].flat().map((one): [string, string] => [key, one]));

const trimmed = ([key, text]: [string, string]): [string, string] => [key, withoutBlanks(text)];

const isBlank = (letter: string | undefined): boolean => letter === ' ' || letter === '\t';

/** Without blanks at its ends. An expression would try every run of blanks within as the last one. */
function withoutBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (isBlank(text[start])) start++;
  while (end > start && isBlank(text[end - 1])) end--;
  return text.slice(start, end);
}
