import { quotedText } from '@evenkeel/contract/unseenText';
import { loadSettings, SettingsError } from '@evenkeel/sidecar/settings/loadSettings';
import type { Settings } from '@evenkeel/sidecar/settings/settingsSchema';
import { type ClusterFlags, clusterFlagsIn, clusterOptionsFrom, clusterValues } from './subject.ts';
import { UsageError } from './usageError.ts';

export interface ServiceFlags {
  config?: string;
  listen?: string;
}

/** The settings of the service: file, then environment, then flags. Throws a UsageError with everything that is wrong. */
export function serviceSettings(flags: ServiceFlags & ClusterFlags): Settings {
  const listen = flags.listen === undefined ? null : parseListen(flags.listen);
  // Checked for its messages, which name the flags.
  clusterOptionsFrom(flags);
  const environment = {
    ...process.env,
    ...(listen === null ? {} : { EVENKEEL_HOST: listen.host, EVENKEEL_PORT: String(listen.port) }),
    ...(clusterFlagsIn(flags).length === 0 ? {} : { EVENKEEL_EMBEDDED_OPTIONS: JSON.stringify(clusterValues(flags)) }),
  };
  try {
    return loadSettings(environment, flags.config);
  } catch (error) {
    if (error instanceof SettingsError) throw new UsageError(error.message);
    throw error;
  }
}

function parseListen(text: string): { host: string; port: number } {
  const match = /^(?:(\[[0-9a-f:]+\]|[^:[\]]+):)?(\d{1,5})$/i.exec(text);
  if (!match || Number(match[2]) > 65_535)
    throw new UsageError(`--listen ${quotedText(text)}: write PORT or HOST:PORT (127.0.0.1:8787).`);
  return { host: match[1] ?? '127.0.0.1', port: Number(match[2]) };
}
