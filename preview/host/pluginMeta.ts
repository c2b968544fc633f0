import { type AppPluginMeta, PluginIncludeType, PluginType } from '@grafana/data';
import { previewBoot } from './bootData.ts';

/** The plugin's meta data as Grafana's settings API gives it to the page. */
export function pluginMeta(): AppPluginMeta {
  const { plugin, settings } = previewBoot();
  return {
    id: plugin.id,
    name: plugin.name,
    type: PluginType.app,
    enabled: true,
    pinned: true,
    module: `public/plugins/${plugin.id}/module.js`,
    baseUrl: `public/plugins/${plugin.id}`,
    info: {
      author: { name: plugin.name },
      description: '',
      links: [],
      logos: { small: '', large: '' },
      screenshots: [],
      updated: '',
      version: plugin.version,
    },
    includes: plugin.includes.map((include) => ({ ...include, type: PluginIncludeType.page })),
    jsonData: settings.jsonData,
    secureJsonFields: settings.secureJsonFields,
  };
}
