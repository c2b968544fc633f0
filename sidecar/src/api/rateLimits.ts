import type { Problem } from '@evenkeel/contract/problem';
import { Refusal } from '@evenkeel/contract/refusal';
import type { RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { Identity } from './identity.ts';
import { problemOf, sendProblem } from './problemResponse.ts';
import { RATE_CLASSES, type RateClass } from './route.ts';
import { WindowCounts } from './windowCounts.ts';

/** Requests per minute and subject. All people behind one Grafana without signed identities are one subject. */
export type RateBudgets = Readonly<Record<RateClass, number>>;

/** Wrong tokens from one address per minute, after which only the answer changes: a right token is always let in. */
export const FAILED_ATTEMPTS = 60;

const MINUTE_MS = 60_000;

export interface RequestLocals {
  requestId: string;
  identity?: Identity;
}

/** One limiter for each class. They count subjects, not addresses: everything that comes through Grafana has one address. */
export function rateLimiters(budgets: RateBudgets): Readonly<Record<RateClass, RequestHandler>> {
  const limiters = RATE_CLASSES.map((name): [RateClass, RequestHandler] => [
    name,
    rateLimit({
      windowMs: MINUTE_MS,
      limit: budgets[name],
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      identifier: name,
      store: new WindowCounts(),
      keyGenerator: (request, response) => {
        const { identity } = response.locals as RequestLocals;
        if (identity === undefined) return ipKeyGenerator(request.ip ?? '');
        // Who is not proven shares a name with others: at least those in another role must not use up their budget.
        return identity.verified ? identity.subject : `${identity.subject} as ${identity.role}`;
      },
      handler: (_request, response) => sendProblem(response, tooMany(response.locals.requestId, name, budgets[name])),
    }),
  ]);
  return Object.fromEntries(limiters) as Record<RateClass, RequestHandler>;
}

function tooMany(requestId: string, name: string, limit: number): Problem {
  const refusal = new Refusal('too-many-requests', `At most ${limit} ${name} requests a minute are answered.`, {
    retryAfterSeconds: Math.ceil(MINUTE_MS / 1000 / 4),
  });
  return problemOf(refusal, requestId);
}

/** Counts wrong tokens by address, so that guessing is slow and shows. */
export class FailedAttempts {
  readonly #monotonic: () => number;
  #windowEnd = 0;
  readonly #counts = new Map<string, number>();

  constructor(monotonic: () => number = () => performance.now()) {
    this.#monotonic = monotonic;
  }

  /** Counts one and returns how many this address has had in this minute. */
  count(address: string): number {
    if (this.#monotonic() >= this.#windowEnd) {
      this.#counts.clear();
      this.#windowEnd = this.#monotonic() + MINUTE_MS;
    }
    const key = ipKeyGenerator(address);
    // A flood from very many addresses must not fill the memory; what is over is counted as one.
    const slot = this.#counts.has(key) || this.#counts.size < 10_000 ? key : 'others';
    const count = (this.#counts.get(slot) ?? 0) + 1;
    this.#counts.set(slot, count);
    return count;
  }
}
