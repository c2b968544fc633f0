import type { FaultEffect } from '@evenkeel/contract/fault';

/** What a fault does, as people say it: `250 ms latency`, `20 % errors (status 503)`, `partition, connections cut`. */
export function effectText(effect: FaultEffect): string {
  switch (effect.type) {
    case 'latency':
      return `${effect.delayMs}${effect.jitterMs > 0 ? ` ± ${effect.jitterMs}` : ''} ms latency`;
    case 'errors':
      return `${effect.percent} % errors (status ${effect.status})`;
    case 'pod-failure':
      return effect.restart ? 'pod crash' : 'pod crash, staying down';
    case 'partition':
      return `partition, connections ${effect.existing === 'cut' ? 'cut' : 'stalled'}`;
  }
}

/** `pod-1`, `pod-1 and pod-2`, `pod-1, pod-2 and 3 more`. */
export function podsText(pods: readonly string[]): string {
  if (pods.length <= 1) return pods[0] ?? 'no pod';
  if (pods.length <= 3) return `${pods.slice(0, -1).join(', ')} and ${pods.at(-1)}`;
  return `${pods.slice(0, 2).join(', ')} and ${pods.length - 2} more`;
}
