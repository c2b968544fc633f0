/** Fields that concern one connection and are never forwarded (RFC 9110 §7.6.1), with those that we own ourselves. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export function isHopByHop(lowerCaseName: string): boolean {
  return HOP_BY_HOP.has(lowerCaseName);
}

/** The field names that a Connection field nominates, in lower case; null when there are none beyond `close` and `keep-alive`. */
export function nominated(connection: string | undefined): Set<string> | null {
  if (connection === undefined) return null;
  let names: Set<string> | null = null;
  for (const part of connection.split(',')) {
    const name = part.trim().toLowerCase();
    if (name === '' || name === 'close' || name === 'keep-alive') continue;
    names ??= new Set();
    names.add(name);
  }
  return names;
}
