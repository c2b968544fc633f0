import { fieldText } from '@evenkeel/contract/fieldProblems';
import { inputExcess } from '@evenkeel/contract/inputBounds';
import { PROTO_REFUSED, protoField } from '@evenkeel/contract/protoField';
import { Refusal } from '@evenkeel/contract/refusal';

/** What is read of a body at most, in bytes. */
export const BODY_LIMIT = 256 * 1024;

const refused = (message: string, field = 'body') =>
  new Refusal('invalid-request', `${field}: ${message}`, { errors: [{ field, message }] });

/**
 * A body as JSON: a group or a list, within the bounds of any input. Throws the refusal before a schema looks at it, which would
 * look at every value and complain of each.
 */
export function parseBody(bytes: Buffer): unknown {
  // A chunked body may be empty.
  if (bytes.length === 0) return {};
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw refused('is not valid JSON');
  }
  if (typeof body !== 'object' || body === null) throw refused('is not valid JSON');
  const excess = inputExcess(body);
  if (excess !== null) throw refused(excess);
  const lost = protoField(body);
  if (lost !== null) throw refused(PROTO_REFUSED, fieldText(['body', ...lost]));
  return body;
}

/** The same for a request that is not refused for what it says: null when it cannot be read. */
export function anyBody(bytes: Buffer): unknown {
  try {
    return parseBody(bytes);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
