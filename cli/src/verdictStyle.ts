import { styleText } from 'node:util';
import type { Verdict } from '@evenkeel/contract/balance';
import { VERDICT_TEXT } from '@evenkeel/core/text/verdictText';

const COLOUR = {
  balanced: 'green',
  imbalanced: 'red',
  'needs-more-data': 'yellow',
  'not-applicable': 'yellow',
} as const satisfies Record<Verdict, string>;

const MARK: Record<Verdict, string> = { balanced: '✔', imbalanced: '✘', 'needs-more-data': '…', 'not-applicable': '–' };

/** The verdict as a coloured word with a mark, so that it reads without colour too. */
export function styledVerdict(verdict: Verdict): string {
  return styleText(['bold', COLOUR[verdict]], `${MARK[verdict]} ${VERDICT_TEXT[verdict].toUpperCase()}`);
}
