/** Values (fields, entries, groups and lists) of one input, at most: twice what the largest scenario has. */
export const MAX_INPUT_VALUES = 6000;
/** Groups and lists within each other, at most. */
export const MAX_INPUT_DEPTH = 32;
/** Problems of one input that are told; the rest is counted. */
export const MAX_PROBLEMS = 20;
/** Characters of a name or a message from outside that are repeated. */
const MAX_REPEATED = 100;

/**
 * What an input has too much of, as a phrase; null when it is within the bounds above. To be asked before a schema looks at it, which
 * would look at every value and complain of each. Looks no further than the bounds.
 */
export function inputExcess(input: unknown): string | null {
  let level: unknown[] = [input];
  let count = 0;
  for (let depth = 0; level.length > 0; depth++) {
    const deeper: unknown[] = [];
    for (const group of level) {
      if (typeof group !== 'object' || group === null) continue;
      if (depth >= MAX_INPUT_DEPTH) return `is nested deeper than ${MAX_INPUT_DEPTH} levels`;
      for (const key in group) {
        if (++count > MAX_INPUT_VALUES) return `holds more than ${MAX_INPUT_VALUES} values`;
        deeper.push((group as Record<string, unknown>)[key]);
      }
    }
    level = deeper;
  }
  return null;
}

/** Text from outside, short enough to be repeated in an answer. No character is cut in two. */
export const clipped = (text: string, length = MAX_REPEATED): string =>
  text.length > length ? `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…` : text;
