/** Text from outside on one line that is safe on a terminal: control characters are escaped. */
export function readable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** What a peer sent, as one line for people: at most `limit` bytes up to the end of the line, in quotation marks. */
export function readableLine(bytes: Buffer, from: number, to: number, limit = 80): string {
  let end = from;
  while (end < to && end - from < limit && bytes[end] !== 10) end++;
  const cut = end < to && bytes[end] !== 10 ? '…' : '';
  return `"${readable(bytes.toString('latin1', from, end).replace(/\r$/, ''))}"${cut}`;
}
