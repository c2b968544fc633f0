import type { RunState } from '@evenkeel/contract/run';
import type { IconName } from '@grafana/data';
import type { BadgeColor } from '@grafana/ui';
import { StateBadge } from './StateBadge.tsx';

const LOOKS: Readonly<Record<RunState, { text: string; icon?: IconName; color: BadgeColor }>> = {
  pending: { text: 'Starting', color: 'blue' },
  warming: { text: 'Warming up', color: 'blue' },
  measuring: { text: 'Measuring', color: 'blue' },
  draining: { text: 'Draining', color: 'blue' },
  finished: { text: 'Finished', color: 'darkgrey' },
  stopped: { text: 'Stopped', icon: 'square-shape', color: 'darkgrey' },
  aborted: { text: 'Aborted', icon: 'ban', color: 'orange' },
  failed: { text: 'Failed', icon: 'times-circle', color: 'red' },
  interrupted: { text: 'Interrupted', icon: 'exclamation-circle', color: 'orange' },
};

export const RunStateBadge = ({ state }: { state: RunState }) => <StateBadge {...LOOKS[state]} />;
