import { Refusal } from '@evenkeel/contract/refusal';

const MAX_PATH = 512;
const MAX_QUERY = 4096;
/** Our paths need no escapes, and ids have an alphabet without any: what does not fit is an attempt to be read in two ways. */
const PATH = /^(\/[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*)+\/?$|^\/$/;

export interface SplitUrl {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

/**
 * Reads a request line's URL in exactly one way, before anything else looks at it. Refuses absolute URLs, `//`, `.` and `..`
 * segments, every percent escape in the path (so also encoded slashes), backslashes, `;`, and parameters given twice.
 */
export function splitUrl(url: string): SplitUrl {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  if (path.length > MAX_PATH || !PATH.test(path)) {
    throw new Refusal(
      'bad-path',
      `A path has up to ${MAX_PATH} characters, in segments of A-Z a-z 0-9 _ - and inner dots; no escapes, no "//", no "..".`
    );
  }
  return { path, query: mark < 0 ? {} : queryOf(url.slice(mark + 1)) };
}

function queryOf(text: string): Record<string, string> {
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
