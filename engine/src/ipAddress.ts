import { isIPv4, isIPv6 } from 'node:net';

/** An address or network as 16 bytes; IPv4 lies in ::ffff:0:0/96, so both families compare alike. */
export type AddressBytes = Uint8Array;

const MAPPED_PREFIX = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** Parses an IP address in its canonical text form (no octal, hex or short IPv4); null when it is none. */
export function parseAddress(text: string): AddressBytes | null {
  const bare = text.replace(/%.*$/, '');
  if (isIPv4(bare)) return Uint8Array.from([...MAPPED_PREFIX, ...bare.split('.').map(Number)]);
  if (!isIPv6(bare)) return null;
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(bare);
  const plain = dotted ? `${dotted[1]}${pair(dotted[2]!, dotted[3]!)}:${pair(dotted[4]!, dotted[5]!)}` : bare;
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return Uint8Array.from(
    groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255])
  );
}

function pair(high: string, low: string): string {
  return ((Number(high) << 8) | Number(low)).toString(16);
}

/** The address that packets really go to: IPv4 inside IPv4-mapped, -translated and -compatible IPv6, NAT64 and 6to4 is unwrapped. */
export function unwrapped(address: AddressBytes): AddressBytes {
  const inside = (offset: number) => Uint8Array.from([...MAPPED_PREFIX, ...address.subarray(offset, offset + 4)]);
  if (startsWith(address, [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0])) return inside(12);
  if (startsWith(address, [0x20, 0x02])) return inside(2);
  if (startsWith(address, [0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0])) return inside(12);
  const compatible = address.subarray(0, 12).every((byte) => byte === 0);
  if (compatible && address.subarray(12, 15).some((byte) => byte !== 0)) return inside(12);
  return address;
}

function startsWith(address: AddressBytes, prefix: readonly number[]): boolean {
  return prefix.every((byte, index) => address[index] === byte);
}

/** A network in CIDR form; a bare address is a network of one. */
export class Network {
  readonly text: string;
  readonly #address: AddressBytes;
  readonly #bits: number;

  /** Throws a message for people when the text is no network. */
  constructor(text: string) {
    const [host = '', length] = text.split('/');
    const address = parseAddress(host);
    const width = isIPv4(host) ? 32 : 128;
    const bits = length === undefined ? width : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
    if (address === null || !(bits <= width)) {
      throw new Error(`"${text}" is not a network: write an address and a prefix length, as in 10.0.0.0/8 or fd00::/8`);
    }
    this.text = text;
    this.#address = address;
    this.#bits = bits + 128 - width;
  }

  contains(address: AddressBytes): boolean {
    for (let bit = 0; bit < this.#bits; bit += 8) {
      const mask = this.#bits - bit >= 8 ? 0xff : (0xff << (8 - (this.#bits - bit))) & 0xff;
      if (((address[bit >> 3]! ^ this.#address[bit >> 3]!) & mask) !== 0) return false;
    }
    return true;
  }
}
