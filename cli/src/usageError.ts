/** Something the person typed is wrong. The message names the flag, what it got and what it takes; exit code 2, no stack trace. */
export class UsageError extends Error {}

/** The command's exit codes. */
export const EXIT = { passed: 0, failed: 1, usage: 2, inconclusive: 3 } as const;
