import {
  type FaultOrder,
  type FaultScope,
  type FaultType,
  SEVERITY_NUMBERS,
  type Severity,
} from '@evenkeel/contract/faultPlan';

/** Which pods, as the form has it. */
export type ScopeKind = 'severity' | 'pod' | 'count' | 'percent' | 'label';

/** The form as a person fills it in. Every field keeps its value while another type is looked at. */
export interface FaultDraft {
  readonly type: FaultType;
  readonly severity: Severity;
  /** A number in place of the severity's; null while the severity stands. */
  readonly delayMs: number | null;
  readonly percent: number | null;
  readonly jitterMs: number;
  readonly status: number;
  readonly restart: boolean;
  readonly existing: 'cut' | 'stall';
  readonly scopeKind: ScopeKind;
  readonly pod: string;
  readonly count: number;
  readonly share: number;
  readonly label: string;
  readonly forSeconds: number;
  /** Which pods a number or a share draws; the preview and the injection share it. */
  readonly seed: number;
}

export const newDraft = (seed: number): FaultDraft => ({
  type: 'latency',
  severity: 'medium',
  delayMs: null,
  percent: null,
  jitterMs: 0,
  status: 503,
  restart: true,
  existing: 'cut',
  scopeKind: 'count',
  pod: '',
  count: 1,
  share: 25,
  label: '',
  forSeconds: 30,
  seed,
});

/** Pod failures and partitions say by their severity how many pods they hit. */
export const hitsBySeverity = (type: FaultType): boolean => type === 'pod-failure' || type === 'partition';

/** The draft for another type: a scope that it does not have is replaced. */
export function withType(draft: FaultDraft, type: FaultType): FaultDraft {
  const scopeKind = hitsBySeverity(type) ? 'severity' : draft.scopeKind === 'severity' ? 'count' : draft.scopeKind;
  return { ...draft, type, scopeKind };
}

/** What is asked of the service; null while a field is empty that must not be. */
export function orderOf(draft: FaultDraft): FaultOrder | null {
  const scope = scopeOf(draft);
  if (scope === null) return null;
  const { forSeconds, seed, severity } = draft;
  const every = { forSeconds, seed, ...(scope === 'severity' ? {} : { scope }) };
  switch (draft.type) {
    case 'latency': {
      const strength = draft.delayMs === null ? { severity } : { delayMs: draft.delayMs };
      return { type: 'latency', ...every, ...strength, jitterMs: draft.jitterMs };
    }
    case 'errors': {
      const strength = draft.percent === null ? { severity } : { percent: draft.percent };
      return { type: 'errors', ...every, ...strength, status: draft.status };
    }
    case 'pod-failure':
      return { type: 'pod-failure', ...every, ...(scope === 'severity' ? { severity } : {}), restart: draft.restart };
    case 'partition':
      return { type: 'partition', ...every, ...(scope === 'severity' ? { severity } : {}), existing: draft.existing };
  }
}

function scopeOf(draft: FaultDraft): FaultScope | 'severity' | null {
  switch (draft.scopeKind) {
    case 'severity':
      return 'severity';
    case 'pod':
      return draft.pod === '' ? null : { pod: draft.pod };
    case 'count':
      return { count: draft.count };
    case 'percent':
      return { percent: draft.share };
    case 'label':
      return draft.label.includes('=') ? { label: draft.label.trim() } : null;
  }
}

/** What a severity stands for, as people read it: `250 ms`, `20 %`, `1 pod`, `25 % of the pods`. */
export function severityText(type: FaultType, severity: Severity): string {
  const numbers: { delayMs?: number; percent?: number; count?: number } = SEVERITY_NUMBERS[type][severity];
  if (numbers.delayMs !== undefined) return `${numbers.delayMs} ms`;
  if (numbers.count !== undefined) return numbers.count === 1 ? '1 pod' : `${numbers.count} pods`;
  return type === 'errors' ? `${numbers.percent} %` : `${numbers.percent} % of the pods`;
}

/** The number that the form shows: what was set, or what the severity stands for. */
export function numberOf({ type, severity, delayMs, percent }: FaultDraft): number {
  return type === 'errors'
    ? (percent ?? SEVERITY_NUMBERS.errors[severity].percent)
    : (delayMs ?? SEVERITY_NUMBERS.latency[severity].delayMs);
}
