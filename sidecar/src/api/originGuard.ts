import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { clipped } from '@evenkeel/contract/inputBounds';
import { Refusal } from '@evenkeel/contract/refusal';
import { seen } from '@evenkeel/contract/unseenText';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Host part of a `Host` header or an origin's authority: lower case, without port. null when it is none. */
function hostName(authority: string): string | null {
  const match = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?$/.exec(authority);
  return match ? match[1]!.toLowerCase() : null;
}

/** `::ffff:10.0.0.1` (how a dual-stack socket shows IPv4) as `10.0.0.1`; IPv6 in brackets, as a Host header writes it. */
function asHost(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '');
  return isIP(plain) === 6 ? `[${plain}]` : plain;
}

/**
 * Refuses what a browser sends on behalf of a foreign page. A name in `Host` that nobody configured is how DNS rebinding
 * shows; `Sec-Fetch-Site` and a foreign `Origin` are how other sites show. There is no CORS: no foreign page is ever right.
 */
export class OriginGuard {
  readonly #hosts: ReadonlySet<string>;

  /** Names beyond loopback under which the service is reached, without port. */
  constructor(allowedHosts: readonly string[]) {
    this.#hosts = new Set([...LOOPBACK_NAMES, ...allowedHosts.map((host) => host.toLowerCase())]);
  }

  check(request: IncomingMessage): void {
    const { host, origin } = request.headers;
    // Node keeps the first of two; whoever stands in between may have gone by the second.
    const name = host === undefined || request.headersDistinct.host?.length !== 1 ? null : hostName(host);
    const own = request.socket.localAddress;
    if (name === null || !(this.#hosts.has(name) || (own !== undefined && name === asHost(own)))) {
      throw new Refusal(
        'wrong-origin',
        `This service is not known as "${seen(clipped(host ?? ''))}"; the operator can add the name to allowedHosts (EVENKEEL_ALLOWED_HOSTS).`
      );
    }
    const site = request.headers['sec-fetch-site'];
    if (site === 'cross-site' || site === 'same-site') {
      throw new Refusal('wrong-origin', 'A browser sent this on behalf of another site; use the Grafana plugin.');
    }
    if (origin !== undefined && URL.parse(origin)?.host !== host) {
      throw new Refusal('wrong-origin', 'The Origin is another site; use the Grafana plugin.');
    }
  }
}
