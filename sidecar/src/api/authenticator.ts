import type { IncomingMessage } from 'node:http';
import { Refusal } from '@evenkeel/contract/refusal';
import { includesRole, ROLES, type Role } from '@evenkeel/contract/role';
import { BadIdentity, type GrafanaUser, IdentityUnavailable, type IdentityVerifier } from './grafanaIdentity.ts';
import type { Identity } from './identity.ts';
import type { TokenList } from './tokens.ts';

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/** What a request asks for, as far as it matters who asks. */
export interface Demand {
  /** A change: with a Grafana that can sign identities, it must be signed. */
  readonly write: boolean;
  /** Stopping everything: nobody who holds a token is turned away because Grafana cannot sign. */
  readonly safeDirection: boolean;
}

/**
 * Finds out who asks. Without any token configured only this machine is served, as Admin. Grafana's token brings the role of
 * the route that Grafana matched, in `X-Evenkeel-Role`; the same header with any other token means nothing, and
 * `X-Grafana-User` and `X-Grafana-Context`, which anybody can write, are never read.
 */
export class Authenticator {
  readonly #tokens: TokenList;
  readonly #grafana: IdentityVerifier | null;

  constructor(tokens: TokenList, grafana: IdentityVerifier | null) {
    this.#tokens = tokens;
    this.#grafana = grafana;
  }

  /** Whether nobody needs a token. */
  get isOpen(): boolean {
    return this.#tokens.isEmpty;
  }

  /** Throws the refusal when nobody valid asks. */
  async identify(request: IncomingMessage, demand: Demand): Promise<Identity> {
    if (this.#tokens.isEmpty) {
      // The service listens on loopback only in this case; this holds should it ever not.
      if (!LOOPBACK.test(request.socket.remoteAddress ?? '')) {
        throw new Refusal('not-signed-in', 'No token is configured, so only this machine itself is served.');
      }
      return { subject: 'local', role: 'Admin', verified: false };
    }
    const known = this.#tokens.find(bearerOf(request));
    if (known === null) throw new Refusal('not-signed-in', 'The token is not valid; it may have been rotated.');
    if (known.role !== 'from-grafana') return { subject: `token:${known.name}`, role: known.role, verified: true };
    return this.#throughGrafana(request, demand);
  }

  async #throughGrafana(request: IncomingMessage, demand: Demand): Promise<Identity> {
    const claimed = request.headers['x-evenkeel-role'];
    // A route without the header is a mistake in the manifest: it gets the least.
    const routeRole: Role = ROLES.find((role) => role === claimed) ?? 'Viewer';
    const unverified: Identity = { subject: 'grafana', role: routeRole, verified: false };
    if (this.#grafana === null) return unverified;
    const signed = request.headers['x-grafana-id'];
    if (typeof signed !== 'string' || signed === '') {
      if (!demand.write || demand.safeDirection) return unverified;
      throw new Refusal(
        'not-signed-in',
        'Grafana sent no signed identity (X-Grafana-Id), which a change needs; check that its ID tokens work, or unset the Grafana URL here.'
      );
    }
    let user: GrafanaUser;
    try {
      user = await this.#grafana.verify(signed);
    } catch (error) {
      if (demand.safeDirection) return unverified;
      if (error instanceof BadIdentity) {
        throw new Refusal('not-signed-in', `The identity that Grafana sent is not valid: ${error.message}.`);
      }
      if (!(error instanceof IdentityUnavailable)) throw error;
      if (!demand.write) return unverified;
      throw new Refusal('identity-unavailable', `${error.message}; try again.`, { retryAfterSeconds: 5 });
    }
    return { subject: user.subject, role: lower(routeRole, user.role ?? routeRole), verified: true };
  }
}

/** The route says what was asked for, the identity who asks: what counts is the lower of the two. */
const lower = (a: Role, b: Role): Role => (includesRole(a, b) ? b : a);

function bearerOf(request: IncomingMessage): string {
  const match = /^Bearer ([\x21-\x7e]{1,4096})$/i.exec(request.headers.authorization ?? '');
  if (!match) throw new Refusal('not-signed-in', 'Send a token: "Authorization: Bearer <token>".');
  return match[1]!;
}
