import { stringify } from 'yaml';
import type { Settings } from './settingsSchema.ts';

const HIDDEN = '(set)';

/** The effective settings as YAML, ready to be a file, with every secret replaced by "(set)". */
export function printableSettings(settings: Settings): string {
  const { auth } = settings;
  return stringify({
    ...settings,
    auth: {
      ...auth,
      grafanaTokens: auth.grafanaTokens.map(() => HIDDEN),
      tokens: auth.tokens.map((entry) => ({ ...entry, token: HIDDEN })),
    },
  });
}
