import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { parseTargetUrl } from '@evenkeel/contract/targetUrl';
import { AddressPolicy } from '@evenkeel/engine/addressPolicy';
import { EMBEDDED_FLAGS, EmbeddedOptionError, embeddedOptions } from '@evenkeel/lab/embeddedOptions';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { applyEnvironment, CONFIG_VARIABLE, type Environment, type SettingsProblem } from './environment.ts';
import { type Settings, settingsSchema } from './settingsSchema.ts';
import { allowedNetworks } from './targetNetworks.ts';

/** The settings are wrong. The message lists everything that is, for people. */
export class SettingsError extends Error {
  readonly problems: readonly SettingsProblem[];

  constructor(problems: readonly SettingsProblem[]) {
    const lines = problems.map(({ where, what }) => `  ${where}: ${what}`);
    super(`The settings are not valid:\n${lines.join('\n')}`);
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

/**
 * Reads the YAML file (the one given, or the one that EVENKEEL_CONFIG names, or none), lays the environment over it and checks
 * everything. Throws a SettingsError with all problems at once.
 */
export function loadSettings(environment: Environment, file?: string): Settings {
  const problems: SettingsProblem[] = [];
  const from = file ?? (environment[CONFIG_VARIABLE] || undefined);
  const raw = from === undefined ? {} : readYaml(from, problems);
  const origins = applyEnvironment(raw, environment, problems);
  const parsed = settingsSchema.safeParse(raw);
  if (!parsed.success) {
    problems.push(...parsed.error.issues.flatMap((issue) => problemsOf(issue, origins)));
    throw new SettingsError(problems);
  }
  problems.push(...contradictions(parsed.data));
  if (problems.length > 0) throw new SettingsError(problems);
  return parsed.data;
}

function readYaml(file: string, problems: SettingsProblem[]): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    problems.push({ where: file, what: `cannot be read: ${(error as Error).message}` });
    return {};
  }
  const document = parseDocument(text);
  for (const error of document.errors) problems.push({ where: file, what: error.message.split('\n')[0]! });
  if (document.errors.length > 0) return {};
  const content: unknown = document.toJS({ maxAliasCount: 20 });
  if (content === null || content === undefined) return {};
  if (typeof content === 'object' && !Array.isArray(content)) return content as Record<string, unknown>;
  problems.push({ where: file, what: 'must hold settings, for example "listen: { port: 8787 }"' });
  return {};
}

function problemsOf(issue: z.core.$ZodIssue, origins: ReadonlyMap<string, string>): SettingsProblem[] {
  const where = (path: readonly PropertyKey[]) => {
    const text = path.map(String);
    for (let length = text.length; length > 0; length--) {
      const variable = origins.get(text.slice(0, length).join('.'));
      if (variable) return [variable, ...text.slice(length)].join('.');
    }
    return text.join('.') || 'settings';
  };
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ where: where([...issue.path, key]), what: 'is not a setting' }));
  }
  // Zod's messages say what was expected, and never repeat the value: it may be a secret.
  return [{ where: where(issue.path), what: issue.message }];
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));

/** What each setting allows by itself and all together do not. */
function contradictions(settings: Settings): SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  const { listen, auth, targets, embedded, grafana } = settings;
  const secrets = [...auth.grafanaTokens, ...auth.tokens.map(({ token }) => token)];
  if (secrets.length === 0 && !isLoopback(listen.host)) {
    problems.push({
      where: 'listen.host',
      what: `${listen.host} can be reached from other machines, which needs a token: set EVENKEEL_GRAFANA_TOKEN or EVENKEEL_TOKENS, or listen on 127.0.0.1`,
    });
  }
  if (new Set(secrets).size < secrets.length) {
    problems.push({
      where: 'auth',
      what: 'two tokens are the same; each needs its own, or its role would be a matter of luck',
    });
  }
  if (grafana && auth.grafanaTokens.length === 0) {
    problems.push({
      where: 'grafana.url',
      what: 'has no use without EVENKEEL_GRAFANA_TOKEN: nobody comes through Grafana',
    });
  }
  const duplicates = (values: readonly string[]) => new Set(values.filter((value, i) => values.indexOf(value) !== i));
  for (const name of duplicates(auth.tokens.map(({ name }) => name))) {
    problems.push({ where: 'auth.tokens', what: `the name "${name}" is given twice` });
  }
  for (const id of duplicates([...(embedded.enabled ? ['embedded'] : []), ...targets.map(({ id }) => id)])) {
    problems.push({
      where: 'targets',
      what: `the id "${id}" is given twice${id === 'embedded' ? ' (the embedded cluster has it)' : ''}`,
    });
  }
  targets.forEach((target, i) => {
    const networks = allowedNetworks(target);
    const address = parseTargetUrl(target.url).hostname;
    // A name is looked at when it is resolved; an address can be refused before anybody starts a run.
    const refusal = networks === null || isIP(address) === 0 ? null : new AddressPolicy(networks).refusal(address);
    if (refusal !== null) problems.push({ where: `targets.${i}.url`, what: refusal });
    if (networks === null) {
      problems.push({
        where: `targets.${i}.networks`,
        what: `name the networks that ${address} may resolve to, for example 10.0.0.0/8`,
      });
    }
    for (const pod of duplicates(target.pods.map(({ pod }) => pod))) {
      problems.push({ where: `targets.${i}.pods`, what: `the pod "${pod}" is given twice` });
    }
  });
  const known = EMBEDDED_FLAGS.map(({ name }) => name);
  for (const name of Object.keys(embedded.options).filter((option) => !known.includes(option))) {
    problems.push({ where: `embedded.options.${name}`, what: `is not an option; known are ${known.join(', ')}` });
  }
  if (embedded.enabled) {
    try {
      embeddedOptions(embedded.options);
    } catch (error) {
      if (!(error instanceof EmbeddedOptionError)) throw error;
      problems.push({ where: 'embedded.options', what: error.message });
    }
  }
  return problems;
}
