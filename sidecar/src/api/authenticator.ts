import type { IncomingMessage } from 'node:http';
import { Refusal } from '@evenkeel/contract/refusal';
import { includesRole, ROLES, type Role } from '@evenkeel/contract/role';
import { BadIdentity, type GrafanaUser, IdentityUnavailable, type IdentityVerifier } from './grafanaIdentity.ts';
import type { Identity } from './identity.ts';
import type { TokenList } from './tokens.ts';

/** How long an Editor's emergency stop waits for Grafana to say who it is: that names a person, and hardly decides anything. */
const NAMING_MS = 200;

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/** What a request asks for, as far as it matters who asks. */
export interface Demand {
  /** A change: with a Grafana that can sign identities, it must be signed. */
  readonly write: boolean;
  /** Stopping everything: nobody is turned away here because Grafana cannot sign; who needs a proof then is the route's to say. */
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

  /** Whether a request brings a token that is known, or comes from where none is needed; nothing is said yet about who asks. */
  hasToken(request: IncomingMessage): boolean {
    if (this.#tokens.isEmpty) return isLocal(request);
    const bearer = bearerOf(request);
    return bearer !== null && this.#tokens.find(bearer) !== null;
  }

  /** Throws the refusal when nobody valid asks. */
  async identify(request: IncomingMessage, demand: Demand): Promise<Identity> {
    if (this.#tokens.isEmpty) {
      // The service listens on loopback only in this case; this holds should it ever not.
      if (!isLocal(request)) {
        throw new Refusal('not-signed-in', 'No token is configured, so only this machine itself is served.');
      }
      return { subject: 'local', role: 'Admin', verified: false };
    }
    const bearer = bearerOf(request);
    if (bearer === null) throw new Refusal('not-signed-in', 'Send a token: "Authorization: Bearer <token>".');
    const known = this.#tokens.find(bearer);
    if (known === null) throw new Refusal('not-signed-in', 'The token is not valid; it may have been rotated.');
    if (known.role !== 'from-grafana') return { subject: `token:${known.name}`, role: known.role, verified: true };
    return this.#throughGrafana(request, demand);
  }

  async #throughGrafana(request: IncomingMessage, demand: Demand): Promise<Identity> {
    const claimed = request.headers['x-evenkeel-role'];
    // A route without the header is a mistake in the manifest: it gets the least.
    const routeRole: Role = ROLES.find((role) => role === claimed) ?? 'Viewer';
    const unverified = (doubt: string): Identity => ({ subject: 'grafana', role: routeRole, verified: false, doubt });
    if (this.#grafana === null) {
      return unverified(
        'This service does not know its Grafana (EVENKEEL_GRAFANA_URL), so it cannot tell who you are.'
      );
    }
    const signed = request.headers['x-grafana-id'];
    if (typeof signed !== 'string' || signed === '') {
      const doubt = 'Grafana sent no signed identity (X-Grafana-Id).';
      if (!demand.write || demand.safeDirection) return unverified(doubt);
      throw new Refusal(
        'not-signed-in',
        `${doubt} A change needs one; check that its ID tokens work, or unset the Grafana URL here.`
      );
    }
    let user: GrafanaUser;
    try {
      const verified = this.#grafana.verify(signed);
      const mayUnverified = demand.safeDirection && includesRole(routeRole, 'Editor');
      user = await (mayUnverified ? within(NAMING_MS, verified) : verified);
    } catch (error) {
      const isBad = error instanceof BadIdentity;
      if (!isBad && !(error instanceof IdentityUnavailable)) throw error;
      const doubt = isBad ? `The identity that Grafana sent is not valid: ${error.message}.` : `${error.message}.`;
      if (demand.safeDirection || (!isBad && !demand.write)) return unverified(doubt);
      if (isBad) throw new Refusal('not-signed-in', doubt);
      throw new Refusal('identity-unavailable', `${doubt} Try again.`, { retryAfterSeconds: 5 });
    }
    const role = lower(routeRole, user.role);
    if (user.signedIn) return { subject: user.subject, role, verified: true };
    const doubt = 'Grafana says that you are not signed in.';
    // Proven to be nobody is not unproven: the role that Grafana gives its anonymous visitors stops nothing.
    if (demand.safeDirection) return { subject: 'anonymous', role: 'Viewer', verified: false, doubt };
    if (!demand.write) return { subject: 'anonymous', role, verified: false, doubt };
    throw new Refusal('not-signed-in', `${doubt} A change needs somebody who is.`);
  }
}

/** The route says what was asked for, the identity who asks: what counts is the lower of the two. */
const lower = (a: Role, b: Role): Role => (includesRole(a, b) ? b : a);

/** The outcome of a verification, unless that takes longer. */
async function within(ms: number, verified: Promise<GrafanaUser>): Promise<GrafanaUser> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new IdentityUnavailable('Grafana did not tell in time who you are')), ms);
  });
  return Promise.race([verified, late]).finally(() => clearTimeout(timer));
}

const isLocal = (request: IncomingMessage): boolean => LOOPBACK.test(request.socket.remoteAddress ?? '');

const bearerOf = (request: IncomingMessage): string | null =>
  /^Bearer ([\x21-\x7e]{1,4096})$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
