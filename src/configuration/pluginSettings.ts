import { getBackendSrv } from '@grafana/runtime';
import { z } from 'zod';
import { PLUGIN_ID } from '../app/pluginId.ts';

const settingsSchema = z.object({
  enabled: z.boolean().default(true),
  pinned: z.boolean().default(true),
  jsonData: z.looseObject({ serviceUrl: z.string().default('') }).nullish(),
  secureJsonFields: z.looseObject({ sidecarToken: z.boolean().default(false) }).nullish(),
});

export interface PluginSettings {
  readonly enabled: boolean;
  readonly pinned: boolean;
  readonly serviceUrl: string;
  readonly hasToken: boolean;
  /** Settings that this page does not know and must not lose. */
  readonly otherJson: Readonly<Record<string, unknown>>;
}

const PATH = `/api/plugins/${PLUGIN_ID}/settings`;

/** What Grafana has stored for this plugin. Of the token only that there is one. */
export async function loadSettings(): Promise<PluginSettings> {
  const answer = settingsSchema.parse(await getBackendSrv().get(PATH, undefined, undefined, { showErrorAlert: false }));
  const { serviceUrl = '', ...otherJson } = answer.jsonData ?? {};
  return {
    enabled: answer.enabled,
    pinned: answer.pinned,
    serviceUrl,
    hasToken: answer.secureJsonFields?.sidecarToken ?? false,
    otherJson,
  };
}

/** Stores the URL, and the token when there is a new one (undefined keeps the old one). */
export async function saveSettings(old: PluginSettings, serviceUrl: string, token: string | undefined): Promise<void> {
  await getBackendSrv().post(
    PATH,
    {
      enabled: old.enabled,
      pinned: old.pinned,
      jsonData: { ...old.otherJson, serviceUrl },
      ...(token === undefined ? {} : { secureJsonData: { sidecarToken: token } }),
    },
    { showErrorAlert: false, showSuccessAlert: false }
  );
}
