import type { FaultState } from '@evenkeel/contract/fault';
import type { FaultType } from '@evenkeel/contract/faultPlan';
import type { IconName } from '@grafana/data';
import type { BadgeColor } from '@grafana/ui';

export const TYPE_LOOKS: Readonly<Record<FaultType, { name: string; icon: IconName; description: string }>> = {
  latency: {
    name: 'Latency',
    icon: 'stopwatch',
    description: 'Every answer of a pod comes later. Does the balancer route around a slow pod?',
  },
  errors: {
    name: 'Errors',
    icon: 'exclamation-triangle',
    description: 'A share of the requests to a pod fails at once. Does a fast failure attract more traffic?',
  },
  'pod-failure': {
    name: 'Pod failure',
    icon: 'power',
    description: 'A pod crashes, and comes back at once or stays away. Do its neighbours take over evenly?',
  },
  partition: {
    name: 'Network partition',
    icon: 'plug',
    description: 'The balancer cannot reach a pod that is still ready. How long until it notices?',
  },
};

export const STATE_LOOKS: Readonly<Record<FaultState, { text: string; color: BadgeColor }>> = {
  planned: { text: 'Planned', color: 'blue' },
  injecting: { text: 'Injecting', color: 'blue' },
  active: { text: 'Active', color: 'orange' },
  reverting: { text: 'Reverting', color: 'blue' },
  reverted: { text: 'Reverted', color: 'darkgrey' },
  'revert-failed': { text: 'Revert failed', color: 'red' },
  'not-effective': { text: 'No effect', color: 'purple' },
};
