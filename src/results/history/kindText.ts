import type { Scenario } from '@evenkeel/contract/scenario';

/** Kinds of scenario as the page names them. */
export const KIND_TEXT: Readonly<Record<Scenario['kind'], string>> = {
  'high-traffic': 'High traffic',
  spike: 'Spike',
  sustained: 'Sustained',
  'gradual-ramp': 'Gradual ramp',
  custom: 'Custom',
};
