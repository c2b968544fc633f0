import { PROTO, PROTO_REFUSED } from '@evenkeel/contract/protoField';
import { labelsSchema } from '@evenkeel/contract/run';
import { quotedText } from '@evenkeel/contract/unseenText';

/** Labels as tags `name=value`. */
export const labelTags = (labels: Readonly<Record<string, string>>): string[] =>
  Object.entries(labels).map(([name, value]) => `${name}=${value}`);

/** Reads tags back. Returns a sentence when one of them cannot be a label. */
export function labelsOfTags(tags: readonly string[]): Record<string, string> | string {
  const labels: Record<string, string> = {};
  for (const tag of tags) {
    const equals = tag.indexOf('=');
    if (equals < 1) return `${quotedText(tag)} is not a label; write name=value`;
    const name = tag.slice(0, equals).trim();
    if (name === PROTO) return PROTO_REFUSED;
    labels[name] = tag.slice(equals + 1).trim();
  }
  const parsed = labelsSchema.safeParse(labels);
  return parsed.success ? parsed.data : (parsed.error.issues[0]?.message ?? 'not valid labels');
}
