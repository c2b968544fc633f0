import type { AppPlugin } from '@grafana/data';
import { sharedModules } from './sharedModules.ts';

type Factory = (...modules: unknown[]) => { plugin: AppPlugin };

/** Loads an AMD module.js as Grafana's loader does: dependencies by name, and `module` with the file's own address. */
export async function loadPlugin(url: string): Promise<AppPlugin> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const source = await response.text();
  const resolve = (name: string): unknown => {
    if (name === 'module') return { uri: url };
    if (name in sharedModules) return sharedModules[name];
    throw new Error(`the plugin asks for "${name}", which the preview does not provide`);
  };
  let plugin: AppPlugin | undefined;
  const define = (dependencies: string[], factory: Factory) => {
    plugin = factory(...dependencies.map(resolve)).plugin;
  };
  new Function('define', `${source}\n//# sourceURL=${url}`)(define);
  if (!plugin) throw new Error(`${url} did not define a plugin`);
  return plugin;
}
