import { seenLines } from '@evenkeel/contract/unseenText';

/**
 * Something the person typed is wrong. The message names the flag, what it got and what it takes; exit code 2, no stack trace. What
 * cannot be seen in it is written out.
 */
export class UsageError extends Error {
  constructor(message: string) {
    super(seenLines(message));
  }
}

/** The command's exit codes. */
export const EXIT = { passed: 0, failed: 1, usage: 2, inconclusive: 3 } as const;
