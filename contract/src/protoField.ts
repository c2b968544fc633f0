/** A name that objects of JavaScript have a meaning for: what has it would be lost on the way, without a word. */
export const PROTO = '__proto__';
export const PROTO_REFUSED = `a field cannot be named ${PROTO}`;

/** Where an input has a field of that name; null for nowhere. To be asked of an input that is within its bounds. */
export function protoField(input: unknown): PropertyKey[] | null {
  if (typeof input !== 'object' || input === null) return null;
  if (Object.hasOwn(input, PROTO)) return [PROTO];
  for (const [key, value] of Object.entries(input)) {
    const within = protoField(value);
    if (within !== null) return [Array.isArray(input) ? Number(key) : key, ...within];
  }
  return null;
}
