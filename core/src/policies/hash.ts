/** Spreads 32 bits so that each input bit reaches every output bit (the finaliser of MurmurHash3). */
export function mix(bits: number): number {
  let h = bits | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 32 uniform bits of a request key such as a path or an address (FNV-1a, then mixed); UTF-16 units count as one each. */
export function hashKey(key: string): number {
  let h = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) h = Math.imul(h ^ key.charCodeAt(at), 0x01000193);
  return mix(h);
}
