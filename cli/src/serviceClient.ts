import { API_PREFIX, DEFAULT_PORT } from '@evenkeel/contract/api';
import { type Problem, problemSchema } from '@evenkeel/contract/problem';
import { quotedText } from '@evenkeel/contract/unseenText';
import type { z } from 'zod';
import { UsageError } from './usageError.ts';

/** Which service a command talks to. The token comes from EVENKEEL_TOKEN: a flag would show in the list of processes. */
export interface ServiceFlags {
  service?: string;
}

const TIMEOUT_MS = 10_000;

/** The service said no. */
export class ServiceRefusal extends UsageError {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** Calls a running service. Throws a UsageError that says why nobody answered, or a ServiceRefusal with what it said. */
export class ServiceClient {
  readonly #base: URL;
  readonly #token: string | undefined;

  constructor({ service = `http://127.0.0.1:${DEFAULT_PORT}` }: ServiceFlags, token = process.env.EVENKEEL_TOKEN) {
    const base = URL.parse(service);
    if (base === null || !/^https?:$/.test(base.protocol) || base.username !== '' || base.password !== '') {
      throw new UsageError(
        `--service ${quotedText(service)}: must be a URL such as http://127.0.0.1:8787, without a user name.`
      );
    }
    this.#base = base;
    this.#token = token === '' ? undefined : token;
  }

  async ask<T>(schema: z.ZodType<T>, method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const parsed = schema.safeParse(await this.#send(method, path, body));
    if (parsed.success) return parsed.data;
    throw new UsageError(`${this.#base.origin} gave an answer that this version does not understand.`);
  }

  async remove(path: string): Promise<void> {
    await this.#send('DELETE', path);
  }

  async #send(method: string, path: string, body?: unknown): Promise<unknown> {
    const url = new URL(`${this.#base.pathname.replace(/\/$/, '')}${API_PREFIX}${path}`, this.#base);
    let status: number;
    let text: string;
    try {
      const response = await fetch(url, {
        method,
        headers: {
          ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
          ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      status = response.status;
      text = await response.text();
    } catch (error) {
      const { cause, message } = error as Error & { cause?: Error };
      const why = cause?.message || message;
      throw new UsageError(`Nobody answers at ${this.#base.origin} (${why}): is "evenkeel serve" running there?`);
    }
    const json = asJson(text);
    if (status >= 200 && status < 300) return json;
    const problem = problemSchema.safeParse(json);
    if (!problem.success) throw new UsageError(`Something else than Evenkeel answers at ${url.origin} (${status}).`);
    if (status === 401) throw new UsageError(`${this.#base.origin} wants a token: put it into EVENKEEL_TOKEN.`);
    throw new ServiceRefusal(problem.data);
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
