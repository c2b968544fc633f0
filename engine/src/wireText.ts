/**
 * The one place where text becomes bytes on the wire. What a scenario or a target may hold is refused earlier, with the name of the
 * field; this refuses whatever else would not arrive as the one method, target, host, name or value that it is.
 * Results are "byte strings": each character is one byte, so that writing them as latin1 loses nothing.
 */

/** Text that cannot be sent as it is. A mistake of ours: nothing of this kind gets past the checks of its field. */
export class UnsendableText extends Error {
  override readonly name = 'UnsendableText';
}

const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
const VISIBLE = /^[\x21-\x7e]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const CONTROLS = /[\x00-\x08\x0a-\x1f\x7f]/;

/** A method or the name of a header. */
export function wireToken<T extends string>(text: T, what: string): T {
  if (!TOKEN.test(text)) throw new UnsendableText(`${what} is no HTTP token`);
  return text;
}

/** A request target or a host: visible ASCII, of which nothing is re-encoded. */
export function wireVisible(text: string, what: string): string {
  if (!VISIBLE.test(text)) throw new UnsendableText(`${what} holds something else than visible ASCII`);
  return text;
}

/** The value of a header, in UTF-8. */
export function wireValue(text: string, what: string): string {
  if (CONTROLS.test(text)) throw new UnsendableText(`${what} holds control characters`);
  return Buffer.from(wellFormed(text, what)).toString('latin1');
}

/** A body, in UTF-8, with any character there is. */
export function wireBody(text: string): Uint8Array {
  // Not a Buffer: those share memory, all of which would cross to a worker.
  return new TextEncoder().encode(wellFormed(text, 'the body'));
}

function wellFormed(text: string, what: string): string {
  if (!text.isWellFormed()) throw new UnsendableText(`${what} holds half of a surrogate pair`);
  return text;
}
