import type { Verdict } from '@evenkeel/contract/balance';
import { StateBadge } from './StateBadge.tsx';
import { VERDICT_LOOKS } from './verdictLook.ts';

export function VerdictBadge({ verdict }: { verdict: Verdict }) {
  const { text, icon, badge } = VERDICT_LOOKS[verdict];
  return <StateBadge text={text} icon={icon} color={badge} />;
}
