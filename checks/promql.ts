const KEYWORDS = new Set(
  'and or unless on ignoring by without group_left group_right offset bool inf nan start end atan2'.split(' ')
);

/**
 * Names of the metrics that a PromQL expression reads: what is left when strings, label lists, ranges, functions, keywords and numbers
 * are taken out.
 */
export function metricNames(expr: string): string[] {
  const bare = expr
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    .replace(/\{[^}]*\}/g, ' ')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/gi, ' ');
  const names = bare.matchAll(/(?<![\w:.])[A-Za-z_:][\w:]*(?![\w:])(?!\s*\()/g);
  return [...new Set([...names].map(([name]) => name))].filter((name) => !KEYWORDS.has(name.toLowerCase()));
}
