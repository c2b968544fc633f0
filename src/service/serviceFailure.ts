import { type Problem, type ProblemName, problemName, problemSchema } from '@evenkeel/contract/problem';

/** Where a call failed, which decides what helps. */
export type FailureKind =
  /** The service said why. */
  | 'problem'
  /** Grafana reached nobody at the configured address. */
  | 'unreachable'
  /** The service does not accept the token that Grafana sends. */
  | 'wrong-token'
  /** Grafana refused: the session ended, or the role is too low for this route. */
  | 'grafana-refused'
  /** Something answered that is not the service, or another version of it. */
  | 'unexpected-answer'
  /** The browser could not reach Grafana. */
  | 'offline';

/** What a page shows instead of data: what was wrong, where, what to do. */
export interface ServiceFailure {
  readonly kind: FailureKind;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly problem: Problem | null;
  readonly name: ProblemName | null;
}

const failure = (kind: FailureKind, status: number, title: string, detail: string): ServiceFailure => ({
  kind,
  status,
  title,
  detail,
  problem: null,
  name: null,
});

function parseJson(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

const messageOf = (body: unknown): string =>
  typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string'
    ? body.message
    : '';

function fromGrafana(status: number, message: string): ServiceFailure {
  switch (status) {
    case 401:
      return failure(
        'grafana-refused',
        status,
        'You are signed out',
        'Sign in to Grafana again, then reload this page.'
      );
    case 403:
      return failure(
        'grafana-refused',
        status,
        'Your role does not allow this',
        'Grafana refused the request. Starting and stopping tests needs the Editor role; settings need Admin.'
      );
    case 404:
      return failure(
        'grafana-refused',
        status,
        'Grafana does not know this route',
        `${message || 'The plugin route was not found'}. Grafana reads plugin.json only when it starts: restart Grafana after an update of the plugin, and check that the plugin is enabled.`
      );
    default:
      return failure(
        'unexpected-answer',
        status,
        `The request failed with status ${status}`,
        message || 'The answer did not come from the Evenkeel service. Look into the log of Grafana for the reason.'
      );
  }
}

/** Reads what came back for a failed call. Status 0 stands for no answer at all. */
export function serviceFailure(status: number, rawBody: unknown): ServiceFailure {
  const body = parseJson(rawBody);
  const problem = problemSchema.safeParse(body);
  if (problem.success) {
    const { title, detail, type } = problem.data;
    const name = problemName(type);
    if (name === 'not-signed-in') {
      return {
        ...failure('wrong-token', status, 'The service does not accept the sign-in', detail),
        problem: problem.data,
        name,
      };
    }
    return { kind: 'problem', status, title, detail, problem: problem.data, name };
  }
  if (status === 0) {
    return failure('offline', 0, 'Grafana cannot be reached', 'Check your network connection; this page tries again.');
  }
  // Grafana's proxy answers with an empty body when it could not reach the service.
  if (status === 502 || status === 504) {
    return failure(
      'unreachable',
      status,
      'The Evenkeel service cannot be reached',
      'Grafana found nobody at the configured address. Check that the service runs and that the service URL in the configuration is the one that Grafana can reach.'
    );
  }
  return fromGrafana(status, messageOf(body));
}

/** A success whose content does not fit the contract: most often two different versions. */
export const unexpectedAnswer = (where: string, detail: string): ServiceFailure =>
  failure(
    'unexpected-answer',
    200,
    'The answer of the service was not understood',
    `${where}: ${detail}. The plugin and the service are probably of different versions; update the older one.`
  );

/** Thrown by every call to the service. */
export class ServiceError extends Error {
  readonly failure: ServiceFailure;

  constructor(reason: ServiceFailure) {
    super(`${reason.title}. ${reason.detail}`);
    this.name = 'ServiceError';
    this.failure = reason;
  }
}

/** The failure in anything that was thrown. */
export const failureOf = (thrown: unknown): ServiceFailure =>
  thrown instanceof ServiceError
    ? thrown.failure
    : failure('unexpected-answer', 0, 'Something went wrong on this page', String(thrown));
