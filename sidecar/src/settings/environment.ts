import { readFileSync } from 'node:fs';
import { quotedText } from '@evenkeel/contract/unseenText';

export interface SettingsProblem {
  /** Where: the name of a variable, or a path in the file. */
  readonly where: string;
  /** What is wrong and what to write instead. */
  readonly what: string;
}

type Reader = (text: string) => unknown;

const text: Reader = (value) => value;
const list: Reader = (value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const number: Reader = (value) => {
  if (!/^-?\d+(\.\d+)?$/.test(value.trim())) throw new Error(`${quotedText(value)} is not a number`);
  return Number(value);
};

const yesOrNo: Reader = (value) => {
  if (/^(true|yes|on|1)$/i.test(value)) return true;
  if (/^(false|no|off|0)$/i.test(value)) return false;
  throw new Error(`${quotedText(value)} is neither true nor false`);
};

const json: Reader = (value) => {
  try {
    return JSON.parse(value);
  } catch {
    throw new Error('is not valid JSON');
  }
};

/** `name:role:token`, several separated by commas. The message must not show what was read: it is a secret. */
const tokens: Reader = (value) =>
  (list(value) as string[]).map((part, i) => {
    const [name, role, ...rest] = part.split(':');
    if (rest.length === 0)
      throw new Error(`entry ${i + 1} is not written name:role:token, for example ci:Editor:<token>`);
    return { name, role, token: rest.join(':') };
  });

interface Variable {
  readonly path: readonly string[];
  readonly read: Reader;
  /** May also be given as a file's name, in the variable with `_FILE` behind it. */
  readonly secret?: boolean;
}

/** Every variable that the service knows. */
export const VARIABLES: Readonly<Record<string, Variable>> = {
  EVENKEEL_HOST: { path: ['listen', 'host'], read: text },
  EVENKEEL_PORT: { path: ['listen', 'port'], read: number },
  EVENKEEL_ALLOWED_HOSTS: { path: ['listen', 'allowedHosts'], read: list },
  EVENKEEL_DATABASE: { path: ['database', 'file'], read: text },
  EVENKEEL_GRAFANA_TOKEN: { path: ['auth', 'grafanaTokens'], read: list, secret: true },
  EVENKEEL_TOKENS: { path: ['auth', 'tokens'], read: tokens, secret: true },
  EVENKEEL_OPEN_METRICS: { path: ['auth', 'openMetrics'], read: yesOrNo },
  EVENKEEL_GRAFANA_URL: { path: ['grafana', 'url'], read: text },
  EVENKEEL_GRAFANA_ISSUER: { path: ['grafana', 'issuer'], read: text },
  EVENKEEL_GRAFANA_ORG_ID: { path: ['grafana', 'orgId'], read: number },
  EVENKEEL_EMBEDDED: { path: ['embedded', 'enabled'], read: yesOrNo },
  EVENKEEL_EMBEDDED_OPTIONS: { path: ['embedded', 'options'], read: json },
  EVENKEEL_TARGETS: { path: ['targets'], read: json },
  EVENKEEL_LIMITS: { path: ['limits'], read: json },
  EVENKEEL_MAX_ACTIVE_RUNS: { path: ['runs', 'maxActive'], read: number },
  EVENKEEL_KEEP_RUNS: { path: ['runs', 'keepRuns'], read: number },
  EVENKEEL_KEEP_DAYS: { path: ['runs', 'keepDays'], read: number },
  EVENKEEL_TARGET_PERCENT: { path: ['runs', 'targetPercent'], read: number },
  EVENKEEL_MAX_STREAMS: { path: ['streams', 'maxClients'], read: number },
  EVENKEEL_DRAIN_SECONDS: { path: ['drainSeconds'], read: number },
  EVENKEEL_LOG_LEVEL: { path: ['logLevel'], read: text },
};

/** Names the file with the settings; not a setting itself. */
export const CONFIG_VARIABLE = 'EVENKEEL_CONFIG';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Lays the environment over what the file says. An empty variable counts as unset, as compose files write it. Returns which variable
 * a setting came from, so that a later complaint can name it.
 */
export function applyEnvironment(
  settings: Record<string, unknown>,
  environment: Environment,
  problems: SettingsProblem[]
): Map<string, string> {
  const origins = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('EVENKEEL_') || name === CONFIG_VARIABLE || value === undefined || value === '') continue;
    const base = name.endsWith('_FILE') ? name.slice(0, -'_FILE'.length) : name;
    const variable = VARIABLES[base];
    if (!variable || (base !== name && !variable.secret)) {
      problems.push({ where: name, what: `is not known; known are ${Object.keys(VARIABLES).join(', ')}` });
      continue;
    }
    try {
      const content = base === name ? value : readFileSync(value, 'utf8').trim();
      assign(settings, variable.path, variable.read(content));
      origins.set(variable.path.join('.'), name);
    } catch (error) {
      problems.push({ where: name, what: (error as Error).message });
    }
  }
  return origins;
}

function assign(settings: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at = settings;
  for (const key of path.slice(0, -1)) {
    const next = at[key];
    if (typeof next !== 'object' || next === null) at[key] = {};
    at = at[key] as Record<string, unknown>;
  }
  at[path.at(-1)!] = value;
}
