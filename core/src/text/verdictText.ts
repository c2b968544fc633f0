import type { Verdict } from '@evenkeel/contract/balance';

/** The verdicts in words. */
export const VERDICT_TEXT: Readonly<Record<Verdict, string>> = {
  balanced: 'Balanced',
  imbalanced: 'Imbalanced',
  'needs-more-data': 'Needs more data',
  'not-applicable': 'Not applicable',
};
