import { MAX_REASON } from '@evenkeel/contract/api';
import { seen } from '@evenkeel/contract/unseenText';

export interface StopReason {
  /** One line that can be read, up to `MAX_REASON` characters; empty when none was given. */
  readonly reason: string;
  /** What was not kept as it was sent, in sentences. */
  readonly notes: readonly string[];
}

/** What there is of a reason in the body of an emergency stop, which is never refused for its wording. */
export function stopReason(body: unknown): StopReason {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { reason: '', notes: ['The body is no group in JSON that can be read: no reason was kept.'] };
  }
  const { reason: given = '', ...others } = body as { readonly reason?: unknown };
  const notes = Object.keys(others).length > 0 ? ['Of the body only "reason" is kept.'] : [];
  if (typeof given !== 'string') return { reason: '', notes: [...notes, 'The reason is not text: none was kept.'] };
  let reason = '';
  let shown = 0;
  for (const character of given) {
    const readable = seen(character);
    if (reason.length + readable.length > MAX_REASON) {
      notes.push(`The reason was cut to ${MAX_REASON} characters.`);
      break;
    }
    if (readable !== character) shown++;
    reason += readable;
  }
  if (shown > 0) notes.push('Characters of the reason that would not be seen are written as their numbers.');
  return { reason, notes };
}
