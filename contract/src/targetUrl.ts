/**
 * A target's URL, taken apart as it was typed. URL would drop dot segments, add slashes, lower-case and re-encode; what is asked
 * for is what is sent, so nothing here is changed but a host name beyond ASCII, which the network knows by its ASCII form only.
 */
export interface TargetUrl {
  readonly secure: boolean;
  /** What is resolved and what a certificate is checked against: lower case, addresses in their usual form, no brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Host and port as typed: the value of `host` and `:authority`. */
  readonly authority: string;
  /** As typed; empty when none was. */
  readonly path: string;
  /** With its question mark, as typed; empty when none was. A lone `?` is a query too. */
  readonly query: string;
}

/** The text is no URL that can be loaded. The message goes on from the name of the field or flag: "must not hold …". */
export class TargetUrlError extends Error {
  override readonly name = 'TargetUrlError';
}

export const MAX_TARGET_URL_LENGTH = 4096;

const PARTS = /^(https?):\/\/([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/is;
const PORT = /^(\[[^\]]*\]|[^:[]*)(?::(.*))?$/s;
const ASCII_HOST = /^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])$/;
const NAME_BEYOND_ASCII = /^[\p{L}\p{M}\p{N}.-]+$/u;

/** Throws a TargetUrlError. No message repeats a user name or password. */
export function parseTargetUrl(text: string): TargetUrl {
  if (text.length > MAX_TARGET_URL_LENGTH) {
    throw new TargetUrlError(`has ${text.length} characters (allowed at most ${MAX_TARGET_URL_LENGTH})`);
  }
  const parts = PARTS.exec(text);
  if (parts === null) throw new TargetUrlError('must be an http:// or https:// URL');
  const [, scheme = '', authority = '', path = '', query = '', fragment] = parts;
  if (authority.includes('@')) {
    throw new TargetUrlError(
      "must hold no user name or password: send them in a header, for example --header 'Authorization: Basic …' (base64 of name:password)"
    );
  }
  if (fragment !== undefined) throw new TargetUrlError('must hold no fragment: a # in a path or query is written %23');
  const wrong = unsendable(path + query);
  if (wrong !== null) throw new TargetUrlError(wrong);
  const secure = scheme.toLowerCase() === 'https';
  return { secure, ...hostAndPort(authority, secure), path, query };
}

/** Path and query that can be sent as they stand: visible ASCII without #. */
export const SENDABLE_PATH = /^\/[!"$-~]*$/;

/** What keeps a path or query from being sent as it stands; null when nothing does. */
export function unsendable(pathAndQuery: string): string | null {
  const [odd] = /[^\x21-\x7e]/u.exec(pathAndQuery) ?? [];
  if (odd === undefined) return pathAndQuery.includes('#') ? 'must hold no #: it is written %23' : null;
  const code = odd.codePointAt(0)!;
  const shown = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  if (code >= 0xd800 && code <= 0xdfff) return `must hold no half of a surrogate pair (${shown})`;
  return `must hold no ${code < 0x80 ? 'blanks or control characters' : 'characters beyond ASCII'} in its path or query: ${shown} is written ${encodeURIComponent(odd)}`;
}

/**
 * Path and query of a request to the target: the target's own as they were typed, or, when the request has a path of its own, that one
 * behind the target's path, with one slash between them. Throws a TargetUrlError when the target has a query as well.
 */
export function requestTargetOf(target: TargetUrl, path: string | null): string {
  if (path === null) return `${target.path || '/'}${target.query}`;
  if (target.query !== '') {
    throw new TargetUrlError(
      "has a query, and the request a path of its own: where the query belongs cannot be told. Write it into the request's path, or leave that path out"
    );
  }
  return target.path.replace(/\/$/, '') + path;
}

function hostAndPort(authority: string, secure: boolean): Pick<TargetUrl, 'hostname' | 'port' | 'authority'> {
  const [, host = '', typedPort] = PORT.exec(authority) ?? [];
  if (host === '') throw new TargetUrlError('names no host');
  if (
    typedPort !== undefined &&
    !(/^\d{1,5}$/.test(typedPort) && Number(typedPort) >= 1 && Number(typedPort) <= 65_535)
  ) {
    throw new TargetUrlError('must have a port from 1 to 65535 behind the colon, or no colon');
  }
  if (host.startsWith('[') && host.includes('%')) {
    throw new TargetUrlError('must hold no IPv6 zone: link-local addresses are never loaded');
  }
  const ascii = ASCII_HOST.test(host);
  if (!ascii && !NAME_BEYOND_ASCII.test(host)) {
    throw new TargetUrlError('has a host with characters that no host name has');
  }
  const known = URL.parse(`http://${host}/`)?.hostname;
  if (known === undefined || known === '') throw new TargetUrlError('has a host that is neither a name nor an address');
  if (!ascii && /^[\d.]+$/.test(known))
    throw new TargetUrlError(`has a host that stands for the address ${known}: write that`);
  const port = typedPort === undefined ? (secure ? 443 : 80) : Number(typedPort);
  return {
    hostname: known.replace(/^\[|\]$/g, ''),
    port,
    authority: `${ascii ? host : known}${typedPort === undefined ? '' : `:${typedPort}`}`,
  };
}
