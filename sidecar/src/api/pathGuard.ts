import { Refusal } from '@evenkeel/contract/refusal';

const MAX_PATH = 512;
const MAX_QUERY = 4096;
/** Our paths need no escapes, and ids have an alphabet without any: what does not fit is an attempt to be read in two ways. */
const PATH = /^(\/[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*)+\/?$|^\/$/;

/**
 * Lets only a path through that can be read in exactly one way, before anything else looks at it. Refuses absolute URLs, `//`, `.` and `..`
 * segments, every percent escape (so also encoded slashes), backslashes and `;`.
 */
export function checkPath(url: string): void {
  const path = url.split('?', 1)[0]!;
  if (path.length > MAX_PATH || !PATH.test(path)) {
    throw new Refusal(
      'bad-path',
      `A path has up to ${MAX_PATH} characters, in segments of A-Z a-z 0-9 _ - and inner dots; no escapes, no "//", no "..".`
    );
  }
}

/** The parameters of a URL. Refuses one that is given twice: there is no one way to read it. */
export function queryOf(url: string): Readonly<Record<string, string>> {
  const text = textOf(url);
  if (text.length > MAX_QUERY) {
    throw new Refusal('invalid-request', `query: must be at most ${MAX_QUERY} characters long`, {
      errors: [{ field: 'query', message: `must be at most ${MAX_QUERY} characters long`, limit: MAX_QUERY }],
    });
  }
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (query.has(name)) {
      const field = `query.${name.slice(0, 100)}`;
      throw new Refusal('invalid-request', `${field}: is given twice`, {
        errors: [{ field, message: 'is given twice' }],
      });
    }
    query.set(name, value);
  }
  return Object.fromEntries(query);
}

/** The same for a request that is not refused for what it says. */
export const anyQueryOf = (url: string): Readonly<Record<string, string>> =>
  Object.fromEntries(new URLSearchParams(textOf(url)));

const textOf = (url: string): string => {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark + 1);
};
