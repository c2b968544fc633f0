import type { ServiceTime } from './pod/serviceTime.ts';
import type { EjectionSettings, HashKey, RetrySettings } from './proxy/balancerMessages.ts';

/** A flag that cannot be used as given; the message names the flag, its value and what it may be. */
export class EmbeddedOptionError extends Error {}

export const DEFAULT_RETRY: RetrySettings = { tries: 3, statuses: [] };
export const DEFAULT_EJECTION: EjectionSettings = { maxFails: 1, failTimeoutMs: 10_000, statuses: [] };

/** A flag and the value it was given, for the messages. */
export interface Given {
  readonly name: string;
  readonly text: string;
}

export function refuse({ name, text }: Given, rule: string): never {
  throw new EmbeddedOptionError(`--${name} ${text === '' ? '""' : text}: ${rule}`);
}

export function whole(given: Given, min: number, max: number): number {
  const value = Number(given.text);
  if (!/^\d+$/.test(given.text) || value < min || value > max) {
    refuse(given, `must be a whole number from ${min} to ${max}`);
  }
  return value;
}

export function oneOf<T extends string>(given: Given, values: readonly T[]): T {
  const found = values.find((value) => value === given.text);
  return found ?? refuse(given, `must be one of ${values.join(', ')}`);
}

const DURATION = /^(\d+(?:\.\d+)?)(ms|s)?$/;

/** Milliseconds of `10ms`, `1.5s` or a bare number of milliseconds; null when it is none of these. */
function milliseconds(text: string): number | null {
  const match = DURATION.exec(text);
  return match === null ? null : Number(match[1]) * (match[2] === 's' ? 1000 : 1);
}

const MAX_SERVICE_MS = 60_000;

/** Reads `10ms`, `exp:10ms` or `lognormal:10ms[,sigma]`. @throws EmbeddedOptionError */
export function parseServiceTime(text: string): ServiceTime {
  const given = { name: 'service-time', text };
  const [, kind = '', mean = '', sigma] = /^(?:(exp|lognormal):)?([^,]+)(?:,(.+))?$/.exec(text) ?? [];
  const meanMs = milliseconds(mean);
  if (meanMs === null || meanMs > MAX_SERVICE_MS || (sigma !== undefined && kind !== 'lognormal')) {
    refuse(given, 'must be a time of 0 to 60s such as 10ms, exp:10ms or lognormal:10ms,0.5');
  }
  if (kind === 'exp') return { kind: 'exponential', meanMs };
  if (kind === '') return { kind: 'constant', meanMs };
  const spread = Number(sigma ?? '0.5');
  if (!(spread >= 0 && spread <= 3)) refuse(given, 'the sigma of a log-normal time must be 0 to 3');
  return { kind: 'log-normal', meanMs, sigma: spread };
}

export function factors(given: Given, min: number, what: string): readonly number[] {
  return given.text.split(',').map((part) => {
    const value = Number(part);
    if (part.trim() === '' || !(value >= min && value <= 100)) {
      refuse(given, `each ${what} must be ${min} to 100, separated by commas, such as 1,1,0.33`);
    }
    return value;
  });
}

/** Reads `key=value,key=value`; every key at most once. */
function pairs(given: Given, keys: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of given.text.split(',')) {
    const [key = '', value = ''] = part.split('=');
    if (!keys.includes(key) || value === '' || found.has(key)) {
      refuse(given, `must be on, off, or ${keys.map((it) => `${it}=…`).join(' and ')}, separated by commas`);
    }
    found.set(key, value);
  }
  return found;
}

function statuses(given: Given, text: string | undefined): readonly number[] {
  if (text === undefined) return [];
  return text.split('+').map((status) => {
    const value = Number(status);
    if (!/^\d{3}$/.test(status) || value < 400 || value > 599) {
      refuse(given, 'on= must list statuses from 400 to 599, such as on=502+503');
    }
    return value;
  });
}

/** Reads `on`, `off` or `tries=3,on=502+503`. @throws EmbeddedOptionError */
export function parseRetry(text: string): RetrySettings | null {
  const given = { name: 'retry', text };
  if (text === 'off') return null;
  if (text === 'on') return DEFAULT_RETRY;
  const found = pairs(given, ['tries', 'on']);
  const tries = Number(found.get('tries') ?? 3);
  if (!Number.isInteger(tries) || tries < 2 || tries > 64) refuse(given, 'tries must be 2 to 64');
  return { tries, statuses: statuses(given, found.get('on')) };
}

/** Reads `on`, `off` or `fails=1,for=10s,on=500+503`. @throws EmbeddedOptionError */
export function parseEjection(text: string): EjectionSettings | null {
  const given = { name: 'ejection', text };
  if (text === 'off') return null;
  if (text === 'on') return DEFAULT_EJECTION;
  const found = pairs(given, ['fails', 'for', 'on']);
  const maxFails = Number(found.get('fails') ?? 1);
  if (!Number.isInteger(maxFails) || maxFails < 1 || maxFails > 1000) refuse(given, 'fails must be 1 to 1000');
  const failTimeoutMs = milliseconds(found.get('for') ?? '10s');
  if (failTimeoutMs === null || failTimeoutMs < 1000 || failTimeoutMs > 600_000 || failTimeoutMs % 1000 !== 0) {
    refuse(given, 'for must be whole seconds, 1s to 600s');
  }
  return { maxFails, failTimeoutMs, statuses: statuses(given, found.get('on')) };
}

/** Reads `uri`, `client` or `header:NAME`. @throws EmbeddedOptionError */
export function parseHashKey(text: string): HashKey {
  if (text === 'uri' || text === 'client') return text;
  const [, header] = /^header:([A-Za-z0-9!#$%&'*+.^_`|~-]{1,128})$/.exec(text) ?? [];
  if (header === undefined) refuse({ name: 'hash-key', text }, 'must be uri, client or header:NAME');
  return `header:${header.toLowerCase()}`;
}
