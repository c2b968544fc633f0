import { API_VERSION, type Status } from '@evenkeel/contract/api';
import type { ServiceFailure } from '../service/serviceFailure.ts';

export interface Check {
  readonly outcome: 'ok' | 'warning' | 'failed';
  readonly title: string;
  /** What to do; '' when there is nothing to do. */
  readonly advice: string;
}

/** Clocks further apart than this make times on the page and in Prometheus disagree. */
const MOST_CLOCK_SECONDS = 5;

const ok = (title: string): Check => ({ outcome: 'ok', title, advice: '' });

/** What a failed call says about the connection. */
export function failureChecks(failure: ServiceFailure, serviceUrl: string): Check[] {
  const failed = (title: string, advice: string): Check => ({ outcome: 'failed', title, advice });
  switch (failure.kind) {
    case 'unreachable':
      return [
        failed(
          `Grafana reached nobody at ${serviceUrl}`,
          'The address is used by the Grafana server, not by your browser: inside a container "localhost" is the container itself. Check that the service runs, listens on that address and port, and that no firewall is between the two.'
        ),
      ];
    case 'wrong-token':
      return [
        ok(`The service answers at ${serviceUrl}`),
        failed(
          'The service does not accept the token',
          `${failure.detail} Enter the token that the service was started with as Grafana's; it is kept encrypted and never shown again.`
        ),
      ];
    case 'grafana-refused':
      return [failed(failure.title, failure.detail)];
    case 'offline':
      return [failed(failure.title, failure.detail)];
    case 'problem':
      return [ok(`The service answers at ${serviceUrl}`), failed(failure.title, failure.detail)];
    case 'unexpected-answer':
      return [
        failed(
          `Something else answers at ${serviceUrl}`,
          `It is not an Evenkeel service that this plugin understands. Check host and port. (${failure.detail || failure.title})`
        ),
      ];
  }
}

/** A check of the API's version, from as little of the answer as any version would give. */
export function versionCheck(apiVersion: number, serviceVersion: string): Check {
  if (apiVersion === API_VERSION) return ok(`The service is version ${serviceVersion}, which this plugin understands`);
  const older = apiVersion < API_VERSION ? 'service' : 'plugin';
  return {
    outcome: 'failed',
    title: `The service speaks version ${apiVersion} of the API, this plugin version ${API_VERSION}`,
    advice: `Update the ${older}.`,
  };
}

/**
 * What a successful answer says. `sentAt` and `receivedAt` are this browser's clock in milliseconds around the call: the
 * service's clock was read somewhere between them.
 */
export function statusChecks(status: Status, serviceUrl: string, sentAt: number, receivedAt: number): Check[] {
  const checks = [ok(`The service answers at ${serviceUrl} and accepts the token`)];
  checks.push(versionCheck(status.apiVersion, status.version));
  const ahead = status.now - receivedAt;
  const behind = sentAt - status.now;
  const apart = Math.max(ahead, behind, 0) / 1000;
  checks.push(
    apart > MOST_CLOCK_SECONDS
      ? {
          outcome: 'warning',
          title: `The service's clock is ${Math.round(apart)} s ${ahead > 0 ? 'ahead of' : 'behind'} this browser's`,
          advice: 'Set both by NTP; otherwise times on these pages and on the dashboards do not match.',
        }
      : ok("The service's clock agrees with this browser's")
  );
  checks.push(
    status.ready
      ? ok('The service is ready')
      : {
          outcome: 'warning',
          title: 'The service is not ready',
          advice: status.problems.join(' ') || 'Look into its log for the reason.',
        }
  );
  return checks;
}
