import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { Role } from '@evenkeel/contract/role';

const TTL_SECONDS = 600;

/** Signs who looks, as Grafana does for whoever is signed in: a service that was told the preview's address can verify it. */
export class PreviewIdentity {
  readonly #pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #keyId = randomUUID();

  /** What `GET /api/signing-keys/keys` answers. */
  keys(): object {
    return {
      keys: [{ ...this.#pair.publicKey.export({ format: 'jwk' }), kid: this.#keyId, alg: 'ES256', use: 'sig' }],
    };
  }

  /** `X-Grafana-Id` of somebody in this role, signed at `origin`. */
  token(role: Role, origin: string): string {
    const now = Math.floor(Date.now() / 1000);
    const username = role.toLowerCase();
    const claims = {
      iss: `${origin}/`,
      aud: ['org:1'],
      sub: `user:${username}`,
      iat: now,
      exp: now + TTL_SECONDS,
      type: 'user',
      username,
      role,
    };
    const signed = [{ alg: 'ES256', typ: 'jwt', kid: this.#keyId }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = sign('sha256', Buffer.from(signed), { key: this.#pair.privateKey, dsaEncoding: 'ieee-p1363' });
    return `${signed}.${signature.toString('base64url')}`;
  }
}
