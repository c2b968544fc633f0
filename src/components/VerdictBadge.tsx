import type { Verdict } from '@evenkeel/contract/balance';
import { Badge } from '@grafana/ui';
import { VERDICT_LOOKS } from './verdictLook.ts';

export function VerdictBadge({ verdict }: { verdict: Verdict }) {
  const { text, icon, badge } = VERDICT_LOOKS[verdict];
  return <Badge text={text} icon={icon} color={badge} />;
}
