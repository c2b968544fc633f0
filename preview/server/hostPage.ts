import type { Role } from '@evenkeel/contract/role';
import type { PluginManifest } from './pluginManifest.ts';
import type { PluginSettings } from './pluginSettings.ts';

/** What the page's host needs to know before anything of Grafana is loaded; see preview/host/bootData.ts. */
export interface PreviewBoot {
  readonly plugin: Pick<PluginManifest, 'id' | 'name' | 'includes'> & { version: string };
  readonly settings: ReturnType<PluginSettings['visible']>;
  readonly role: Role;
  readonly roles: readonly Role[];
  readonly subPath: string;
}

/** The one HTML page of the preview: everything else is script. */
export function hostPage(
  manifest: PluginManifest,
  settings: PluginSettings,
  role: Role,
  roles: readonly Role[]
): string {
  const boot: PreviewBoot = {
    plugin: { id: manifest.id, name: manifest.name, includes: manifest.includes, version: manifest.info.version },
    settings: settings.visible(),
    role,
    roles,
    subPath: '',
  };
  // "<" is the only character with which a value could end the script element.
  const json = JSON.stringify(boot).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${manifest.name} preview</title>
<link rel="icon" type="image/svg+xml" href="/public/plugins/${manifest.id}/img/logo.svg">
<base href="/">
<style>html, body { margin: 0; height: 100%; }</style>
</head>
<body>
<div id="root"></div>
<script type="application/json" id="preview-boot">${json}</script>
<script type="module" src="/preview/assets/main.js"></script>
</body>
</html>
`;
}
