import { FAILURE_NAMES, FAILURES, type Failure } from '@evenkeel/contract/failures';
import { OUTCOMES, type Outcome } from '@evenkeel/contract/outcomes';
import { tlsCause } from './tlsFailure.ts';

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
const WHILE_CONNECTING: Readonly<Record<string, Failure>> = {
  ECONNREFUSED: 'connect-refused',
  EHOSTUNREACH: 'connect-unreachable',
  ENETUNREACH: 'connect-unreachable',
  ETIMEDOUT: 'connect-timeout',
};

export const OUTCOME_INDEX = Object.fromEntries(OUTCOMES.map((outcome, index) => [outcome, index])) as Record<
  Outcome,
  number
>;

/** Outcome of each failure, as an index in OUTCOMES, by the failure's own index. */
const OUTCOME_OF = FAILURE_NAMES.map((name) => OUTCOME_INDEX[FAILURES[name].outcome]);

export const outcomeOfFailure = (failure: Failure): number => OUTCOME_OF[FAILURE_NAMES.indexOf(failure)]!;

/** The code of a local fault, or null when the target or the way to it is at fault. */
export function localFault(error: Error): string | null {
  const code = (error as NodeJS.ErrnoException).code;
  return code !== undefined && LOCAL_FAULTS.has(code) ? code : null;
}

/** What is told of an error as an example. */
export const failureDetail = (error: Error, stage: FailureStage): string =>
  stage === 'handshake' ? tlsCause(error) : error.message;

/** Which failure an error of a connection is. `answering`: some byte of the answer had come. */
export function failureOf(error: Error, stage: FailureStage, answering: boolean): Failure {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (stage === 'connecting') return WHILE_CONNECTING[code] ?? 'connect-failed';
  if (stage === 'handshake') return 'tls';
  if (BROKEN.has(code)) return answering ? 'cut-short' : 'closed';
  if (/^ERR_(SSL|TLS)_/.test(code)) return 'tls';
  return 'other';
}
