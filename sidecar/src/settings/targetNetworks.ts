import { isIP } from 'node:net';
import { parseTargetUrl } from '@evenkeel/contract/targetUrl';

/** A network in CIDR notation from what an operator wrote: `10.0.0.0/8`, or a single address. null when it is neither. */
export function networkOf(text: string): string | null {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || address.includes('%')) return null;
  const width = version === 4 ? 32 : 128;
  if (bits === undefined) return `${address}/${width}`;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= width ? `${address}/${bits}` : null;
}

/**
 * Networks that load of a target may go to: those that the operator named, or, when the URL holds an address, that one. null for a
 * host name without networks: whoever answers for the name could otherwise send the load anywhere.
 */
export function allowedNetworks(target: {
  readonly url: string;
  readonly networks: readonly string[];
}): string[] | null {
  if (target.networks.length > 0) return target.networks.map((text) => networkOf(text)!);
  const host = parseTargetUrl(target.url).hostname;
  if (host === 'localhost') return ['127.0.0.0/8', '::1/128'];
  const own = networkOf(host);
  return own === null ? null : [own];
}
