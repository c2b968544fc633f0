import type { Scenario } from '@evenkeel/contract/scenario';

type Expect = Scenario['request']['expect'];

/** Statuses as a person writes them, `2xx, 404`, and back. Validation refuses what is none. */
export const expectText = (expect: Expect): string => expect.join(', ');

export const expectOf = (text: string): Expect => text.split(/[\s,]+/).filter((status) => status !== '');
