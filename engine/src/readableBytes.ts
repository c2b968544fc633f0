import { seen } from '@evenkeel/contract/unseenText';

/** What a peer sent, as one line for people: at most `limit` bytes up to the end of the line, in quotation marks. */
export function readableLine(bytes: Buffer, from: number, to: number, limit = 80): string {
  let end = from;
  while (end < to && end - from < limit && bytes[end] !== 10) end++;
  const cut = end < to && bytes[end] !== 10 ? '…' : '';
  return `"${seen(bytes.toString('latin1', from, end).replace(/\r$/, ''))}"${cut}`;
}
