import {
  FAULT_TYPES,
  type FaultType,
  type PlannedFault,
  plannedFaultSchema,
  SEVERITIES,
} from '@evenkeel/contract/faultPlan';
import { fieldProblems } from '@evenkeel/contract/fieldProblems';
import { clipped } from '@evenkeel/contract/inputBounds';
import { quotedText } from '@evenkeel/contract/unseenText';

const SHAPE = /^([a-z-]+):([^@]+)@([^+@]+)\+([^+@]+)$/;
const SECONDS = { ms: 0.001, s: 1, m: 60 } as const;

export const FAULT_EXAMPLES = 'latency:high@10s+20s, errors:20%,pods=2@30s+1m or partition:pod=pod-1,stall@5s+10s';

/**
 * Reads a fault as it is written on the command line: `type:what[,option…]@start+duration`. `what` is a severity or the
 * number itself (`250ms`, `20%`); options are `pod=`, `pods=` (a number or a share such as `25%`), `label=key=value`,
 * `jitter=`, `status=`, `seed=`, `stay-down` and `stall`. Times are `500ms`, `10s`, `2m` or plain seconds.
 * Throws an Error that says what is wrong and what would be right.
 */
export function parseFault(text: string): PlannedFault {
  const match = SHAPE.exec(text.trim());
  if (match === null) throw wrong(text, `write type:what@start+duration, for example ${FAULT_EXAMPLES}`);
  const [, type, words, start, duration] = match;
  if (!FAULT_TYPES.includes(type as FaultType)) throw wrong(text, `${type} is not one of ${FAULT_TYPES.join(', ')}`);
  const fault: Record<string, unknown> = {
    type,
    atSecond: secondsOf(text, start!),
    forSeconds: secondsOf(text, duration!),
  };
  for (const word of words!.split(',')) Object.assign(fault, fieldOf(text, type as FaultType, word.trim(), fault));
  const parsed = plannedFaultSchema.safeParse(fault);
  if (parsed.success) return parsed.data;
  const [problem] = fieldProblems(plannedFaultSchema, parsed.error, fault);
  throw wrong(text, `${problem!.field === '' ? '' : `${problem!.field}: `}${problem!.message}`);
}

function fieldOf(text: string, type: FaultType, word: string, fault: Record<string, unknown>): Record<string, unknown> {
  if ((SEVERITIES as readonly string[]).includes(word)) return { severity: word };
  const [name, ...rest] = word.split('=');
  const value = rest.join('=');
  switch (name) {
    case 'pod':
      return { scope: { ...(fault.scope as object), pod: value } };
    case 'pods': {
      const scope = value.endsWith('%')
        ? { percent: numberOf(text, value, '%') }
        : { count: numberOf(text, value, '') };
      return { scope: { ...(fault.scope as object), ...scope } };
    }
    case 'label':
      return { scope: { ...(fault.scope as object), label: value } };
    case 'jitter':
      return { jitterMs: secondsOf(text, value) * 1000 };
    case 'status':
      return { status: numberOf(text, value, '') };
    case 'seed':
      return { seed: numberOf(text, value, '') };
    case 'stay-down':
      return { restart: false };
    case 'stall':
      return { existing: 'stall' };
  }
  if (type === 'latency' && /^\d/.test(word)) return { delayMs: Math.round(secondsOf(text, word) * 1000) };
  if (type === 'errors' && /^\d/.test(word)) return { percent: numberOf(text, word, '%') };
  throw wrong(text, `${said(word)} is neither a severity (${SEVERITIES.join(', ')}) nor a number nor a known option`);
}

function secondsOf(text: string, written: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(written.trim());
  if (match === null) throw wrong(text, `${said(written)} is not a time; write 500ms, 10s or 2m`);
  return Number(match[1]) * SECONDS[(match[2] ?? 's') as keyof typeof SECONDS];
}

function numberOf(text: string, written: string, unit: '' | '%'): number {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(written);
  if (match === null || (unit === '' && match[2] !== '')) throw wrong(text, `${said(written)} is not a number`);
  return Number(match[1]);
}

const said = (text: string): string => quotedText(clipped(text));

const wrong = (text: string, why: string) => new Error(`--fault ${said(text)}: ${why}`);
