import type { RequestHeaders } from '@evenkeel/contract/requestHeaders';

/** Headers as lines of `Name: value`, and back. A line without a colon is kept as a name, whose odd characters validation refuses. */
export const headersText = (headers: Readonly<RequestHeaders>): string =>
  headers.map(([name, value]) => `${name}: ${value}`).join('\n');

export function headersOf(text: string): RequestHeaders {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [blankless(line), ''] : [blankless(line.slice(0, colon)), blankless(line.slice(colon + 1))];
    });
}

/** Other white space than these two belongs to a value. */
const blankless = (text: string) => text.replace(/^[ \t]+|[ \t]+$/g, '');
