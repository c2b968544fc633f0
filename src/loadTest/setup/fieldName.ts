const NAMES: readonly [RegExp, (match: RegExpExecArray) => string][] = [
  [/^load\.stages\.(\d+)\.from$/, ([, i]) => `Stage ${Number(i) + 1}, from`],
  [/^load\.stages\.(\d+)\.to$/, ([, i]) => `Stage ${Number(i) + 1}, to`],
  [/^load\.stages\.(\d+)\.durationSeconds$/, ([, i]) => `Stage ${Number(i) + 1}, during`],
  [/^load\.stages$/, () => 'Stages'],
  [/^load\.users$/, () => 'Users'],
  [/^load\.spawnRate$/, () => 'Users started per second'],
  [/^load\.durationSeconds$/, () => 'Duration'],
  [/^connections\.policy$/, () => 'Connection policy'],
  [/^connections\.count$/, () => 'Connections open at once'],
  [/^connections\.streams$/, () => 'Requests at once over each connection'],
  [/^connections\.maxRequests$/, () => 'Close after requests'],
  [/^connections\.maxAgeSeconds$/, () => 'Close after seconds'],
  [/^connections\.maxHeadBytes$/, () => 'Largest head of an answer'],
  [/^request\.path$/, () => 'Path'],
  [/^request\.expect/, () => 'Statuses that are a success'],
  [/^request\.timeoutMs$/, () => 'Timeout'],
  [/^request\.headers/, () => 'Headers'],
  [/^request\.body$/, () => 'Body'],
  [/^warmupSeconds$/, () => 'Warm-up'],
  [/^drainSeconds$/, () => 'Wait for late answers'],
  [/^thresholds\.(\d+)/, ([, i]) => `Threshold ${Number(i) + 1}`],
];

/** What the form calls the field at a path of the scenario; the path itself for what the form does not have. */
export function fieldName(path: string): string {
  for (const [pattern, name] of NAMES) {
    const match = pattern.exec(path);
    if (match) return name(match);
  }
  return path;
}
