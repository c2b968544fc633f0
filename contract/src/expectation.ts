// Apart from the schema, for load workers: they start faster without zod.
/** What counts as success unless a request says otherwise; redirects are answers and are not followed. */
export const DEFAULT_EXPECT = ['2xx', '3xx'];
/** Entries of one request, at most. */
export const MAX_EXPECT = 20;

/** Whether a status is one of those expected. */
export function isExpected(expect: readonly (string | number)[], status: number): boolean {
  return expect.some((entry) => {
    const text = String(entry).toLowerCase();
    return text.endsWith('xx') ? text[0] === String(status)[0] : Number(text) === status;
  });
}
