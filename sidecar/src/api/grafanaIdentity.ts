import { ROLES, type Role } from '@evenkeel/contract/role';
import { seen } from '@evenkeel/contract/unseenText';
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';

/** Grafana answers in milliseconds; who waits longer has no Grafana. */
const FETCH_TIMEOUT_MS = 5000;
/** Grafana's keys live for weeks; a new key id is fetched at once, a vanished one is believed for this long. */
const KEYS_MAX_AGE_MS = 3_600_000;
const REFETCH_AFTER_MS = 30_000;
/** Characters of a name that are kept. */
const MAX_NAME = 200;
const ALGORITHMS = ['ES256', 'ES384', 'RS256', 'EdDSA'];

export interface GrafanaUser {
  /** The kind that `sub` tells and the name: `user:admin`, `service-account:ci`; `sub` itself when there is no name. One line that can be read. */
  readonly subject: string;
  /** Role in the organisation; the lowest when the token tells none that is known. */
  readonly role: Role;
  /** Whether it is somebody who signed in. Grafana signs identities of anonymous visitors too. */
  readonly signedIn: boolean;
}

/** What Grafana puts before the id of somebody who can be named: a person, or a machine that holds a token of Grafana's. */
const SOMEBODY = /^(user|service-account|api-key):./;

/** The token is not one that this Grafana signed for now. */
export class BadIdentity extends Error {}
/** Grafana's keys cannot be had, so nothing can be said about the token. */
export class IdentityUnavailable extends Error {}

/** Verifies the identity that Grafana signs for its signed-in user and sends along as `X-Grafana-Id`. */
export interface IdentityVerifier {
  /** Throws `BadIdentity` or `IdentityUnavailable`. */
  verify(token: string): Promise<GrafanaUser>;
}

export interface GrafanaIdentityOptions {
  /** Base URL of Grafana as the service reaches it, maybe with a path. */
  readonly url: string;
  /** `iss` of its tokens when that is another address (Grafana's `root_url`). */
  readonly issuer?: string;
  /** Accept users of this organisation only. */
  readonly orgId?: number;
}

export class GrafanaIdentity implements IdentityVerifier {
  #keys: JWTVerifyGetKey;
  readonly #options: GrafanaIdentityOptions;
  #keysUsedAt = 0;

  constructor(options: GrafanaIdentityOptions) {
    this.#options = options;
    this.#keys = this.#keySet();
  }

  async verify(token: string): Promise<GrafanaUser> {
    const { issuer, orgId } = this.#options;
    try {
      const { payload } = await jwtVerify(token, this.#currentKeys(), {
        algorithms: ALGORITHMS,
        requiredClaims: ['sub', 'exp'],
        clockTolerance: 30,
        // Grafana ends its own with a slash, however it was configured.
        ...(issuer === undefined ? {} : { issuer: [issuer, `${issuer.replace(/\/+$/, '')}/`] }),
        ...(orgId === undefined ? {} : { audience: `org:${orgId}` }),
      });
      return userOf(payload);
    } catch (error) {
      if (error instanceof BadIdentity) throw error;
      if (isBadToken(error)) throw new BadIdentity((error as Error).message, { cause: error });
      throw new IdentityUnavailable(`Grafana's signing keys cannot be fetched from ${this.#options.url}`, {
        cause: error,
      });
    }
  }

  #keySet(): JWTVerifyGetKey {
    // Joined with care: Grafana answers 404 to a doubled slash. jose follows no redirect.
    return createRemoteJWKSet(new URL(`${this.#options.url.replace(/\/+$/, '')}/api/signing-keys/keys`), {
      timeoutDuration: FETCH_TIMEOUT_MS,
      cooldownDuration: REFETCH_AFTER_MS,
      cacheMaxAge: KEYS_MAX_AGE_MS,
    });
  }

  /** jose counts the age of keys by the machine's clock: once that was set back, they would be believed, and new ones not fetched, too long. */
  #currentKeys(): JWTVerifyGetKey {
    const now = Date.now();
    if (now < this.#keysUsedAt) this.#keys = this.#keySet();
    this.#keysUsedAt = now;
    return this.#keys;
  }
}

/** Whom a token names that is valid in itself. */
function userOf({ sub, username, role }: JWTPayload): GrafanaUser {
  // The type is a promise of the standard's; what is signed may hold anything.
  if (typeof sub !== 'string') throw new BadIdentity('its "sub" claim is not text');
  const kind = SOMEBODY.exec(sub)?.[1];
  const name = kind !== undefined && typeof username === 'string' && username !== '' ? `${kind}:${username}` : sub;
  return {
    subject: seen(name.slice(0, MAX_NAME)),
    role: ROLES.find((known) => known === role) ?? ROLES[0],
    signedIn: kind !== undefined,
  };
}

/** The rest are network errors, timeouts and answers that are no key set. */
const isBadToken = (error: unknown): boolean =>
  error instanceof errors.JOSEError &&
  !(error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) &&
  error.code !== 'ERR_JOSE_GENERIC';
