import { lookup } from 'node:dns/promises';
import { parseTargetUrl, type TargetUrl, TargetUrlError } from '@evenkeel/contract/targetUrl';
import { type AddressBytes, Network, parseAddress, unwrapped } from './ipAddress.ts';

/** Never a target, whatever is allowed: cloud metadata services, and addresses that are not one host. */
const NEVER: readonly (readonly [network: Network, what: string])[] = (
  [
    ['169.254.0.0/16', 'a link-local address, where cloud metadata services answer'],
    ['fe80::/10', 'a link-local address'],
    ['fd00:ec2::254', 'a cloud metadata service'],
    ['fd20:ce::254', 'a cloud metadata service'],
    ['100.100.100.200', 'a cloud metadata service'],
    ['168.63.129.16', 'a cloud metadata service'],
    ['192.0.0.192', 'a cloud metadata service'],
    ['0.0.0.0/8', 'no address of a host'],
    ['224.0.0.0/4', 'a multicast address'],
    ['240.0.0.0/4', 'a reserved or broadcast address'],
    ['64:ff9b:1::/48', 'a translated address (local NAT64) whose destination cannot be told'],
    ['2001::/32', 'an address of a tunnel (Teredo) whose destination cannot be told'],
    ['::', 'no address of a host'],
    ['ff00::/8', 'a multicast address'],
  ] as const
).map(([text, what]) => [new Network(text), what]);

/** Resolves a host name to its addresses. */
export type Resolver = (hostname: string) => Promise<readonly string[]>;

export const systemResolver: Resolver = async (hostname) =>
  (await lookup(hostname, { all: true, verbatim: true })).map((entry) => entry.address);

/** A target may not be loaded; the message says why, for people. */
export class TargetRefused extends Error {
  override readonly name = 'TargetRefused';
}

/**
 * Which addresses load may go to. Checked on the address that a connection goes to, never on a name: names are resolved
 * once, every address of the answer is checked, and connections go to the checked addresses.
 */
export class AddressPolicy {
  readonly #allowed: readonly Network[];

  /** Networks in CIDR form. Nothing outside them is allowed. Throws a message for people when one is malformed. */
  constructor(allowedNetworks: readonly string[]) {
    this.#allowed = allowedNetworks.map((text) => new Network(text));
  }

  /** Why this address may not be loaded, for people; null when it may. */
  refusal(address: string): string | null {
    const bytes = parseAddress(address);
    if (bytes === null) return `"${address}" is not an IP address`;
    const real = unwrapped(bytes);
    for (const candidate of new Set<AddressBytes>([bytes, real])) {
      for (const [network, what] of NEVER) {
        if (network.contains(candidate)) return `${address} is ${what}; it is never loaded`;
      }
    }
    if (this.#allowed.some((network) => network.contains(real))) return null;
    const allowed = this.#allowed.map((network) => network.text).join(', ') || 'none';
    return `${address} is outside the networks that may be loaded (${allowed})`;
  }

  /**
   * The checked addresses behind a URL. Throws `TargetRefused` when the URL is no plain HTTP target, its name does not
   * resolve, or any of its addresses is not allowed.
   */
  async addressesOf(url: string, resolve: Resolver = systemResolver): Promise<readonly string[]> {
    // Decimal, octal and hex IPv4 are in dotted form by now.
    const { hostname } = targetUrl(url);
    const addresses = parseAddress(hostname) === null ? await resolved(hostname, resolve) : [hostname];
    for (const address of addresses) {
      const refusal = this.refusal(address);
      if (refusal !== null) {
        const via = address === hostname ? '' : ` (${hostname} resolves to it)`;
        throw new TargetRefused(`The target ${url} is refused: ${refusal}${via}.`);
      }
    }
    return addresses;
  }
}

/** Parses a target's URL. Throws `TargetRefused` with a message for people, which repeats nothing of the URL. */
export function targetUrl(url: string): TargetUrl {
  try {
    return parseTargetUrl(url);
  } catch (error) {
    throw error instanceof TargetUrlError ? refusedFor(error) : error;
  }
}

export const refusedFor = ({ message }: TargetUrlError) =>
  new TargetRefused(`The target is refused: its URL ${message}.`);

async function resolved(hostname: string, resolve: Resolver): Promise<readonly string[]> {
  let addresses: readonly string[];
  try {
    addresses = await resolve(hostname);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new TargetRefused(`The target's host name ${hostname} does not resolve (${code}).`);
  }
  if (addresses.length === 0) throw new TargetRefused(`The target's host name ${hostname} resolves to no address.`);
  return addresses;
}
