import { OUTCOMES, type Outcome } from '@evenkeel/contract/outcomes';

/** Where a connection was when it failed. */
export type FailureStage = 'connecting' | 'handshake' | 'request';

/** Errors by which this machine, not the target, could not send. */
const LOCAL_FAULTS = new Set(['EADDRNOTAVAIL', 'EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRINUSE']);
const BROKEN = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_INFO',
  'HPE_INVALID_EOF_STATE',
]);

export const OUTCOME_INDEX = Object.fromEntries(OUTCOMES.map((outcome, index) => [outcome, index])) as Record<
  Outcome,
  number
>;

/** The code of a local fault, or null when the target or the way to it is at fault. */
export function localFault(error: Error): string | null {
  const code = (error as NodeJS.ErrnoException).code;
  return code !== undefined && LOCAL_FAULTS.has(code) ? code : null;
}

export function failureOutcome(error: Error, stage: FailureStage): Outcome {
  if (stage === 'connecting') return 'connect';
  if (stage === 'handshake') return 'tls';
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (BROKEN.has(code)) return 'reset';
  if (/^ERR_(SSL|TLS)_/.test(code)) return 'tls';
  return 'other';
}
