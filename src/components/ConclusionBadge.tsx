import type { Conclusion } from '@evenkeel/contract/report';
import type { IconName } from '@grafana/data';
import { Badge, type BadgeColor } from '@grafana/ui';

const LOOKS: Readonly<Record<Conclusion, { text: string; icon: IconName; color: BadgeColor }>> = {
  passed: { text: 'Passed', icon: 'check', color: 'green' },
  failed: { text: 'Failed', icon: 'times', color: 'red' },
  inconclusive: { text: 'Inconclusive', icon: 'question-circle', color: 'orange' },
};

/** How a run ended for a pipeline. */
export const ConclusionBadge = ({ conclusion }: { conclusion: Conclusion }) => <Badge {...LOOKS[conclusion]} />;
