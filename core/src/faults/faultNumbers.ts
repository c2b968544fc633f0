import type { FaultEffect } from '@evenkeel/contract/fault';
import { type FaultOrder, type FaultScope, SEVERITY_NUMBERS } from '@evenkeel/contract/faultPlan';

const DEFAULT_STATUS = 503;
const ONE_POD: FaultScope = { count: 1 };

/** What the fault does to each pod it hits, with its severity and the defaults turned into numbers. */
export function effectOf(order: FaultOrder): FaultEffect {
  switch (order.type) {
    case 'latency':
      return {
        type: 'latency',
        delayMs: order.delayMs ?? SEVERITY_NUMBERS.latency[order.severity!].delayMs,
        jitterMs: order.jitterMs ?? 0,
      };
    case 'errors':
      return {
        type: 'errors',
        percent: order.percent ?? SEVERITY_NUMBERS.errors[order.severity!].percent,
        status: order.status ?? DEFAULT_STATUS,
      };
    case 'pod-failure':
      return { type: 'pod-failure', restart: order.restart ?? true };
    case 'partition':
      return { type: 'partition', existing: order.existing ?? 'cut' };
  }
}

/** Which pods it hits: what was asked for, what the severity stands for, or one pod. */
export function scopeOf(order: FaultOrder): FaultScope {
  if (order.scope !== undefined) return order.scope;
  if (order.type === 'latency' || order.type === 'errors') return ONE_POD;
  return SEVERITY_NUMBERS[order.type][order.severity!];
}
