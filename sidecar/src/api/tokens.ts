import { createHash, timingSafeEqual } from 'node:crypto';
import type { Role } from '@evenkeel/contract/role';

/** A secret that the operator gave out. Grafana's has no role of its own: it brings one with every request. */
export interface KnownToken {
  readonly name: string;
  readonly token: string;
  readonly role: Role | 'from-grafana';
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Finds a presented token among the known ones in a time that does not depend on it. */
export class TokenList {
  readonly #tokens: readonly { readonly known: KnownToken; readonly digest: Buffer }[];

  constructor(tokens: readonly KnownToken[]) {
    this.#tokens = tokens.map((known) => ({ known, digest: digest(known.token) }));
  }

  get isEmpty(): boolean {
    return this.#tokens.length === 0;
  }

  find(presented: string): KnownToken | null {
    const wanted = digest(presented);
    let found: KnownToken | null = null;
    for (const token of this.#tokens) if (timingSafeEqual(token.digest, wanted)) found = token.known;
    return found;
  }
}
