import type { PreviewBoot } from '../server/hostPage.ts';

/** The release whose libraries are in this bundle; put in when it is built. */
declare const GRAFANA_BUILD: string;
export const GRAFANA_RELEASE = GRAFANA_BUILD;

const THEME_KEY = 'evenkeel.preview.theme';

export type ThemeName = 'dark' | 'light';

let boot: PreviewBoot | undefined;

/** What the server said about the plugin, its settings and the browser's role. */
export function previewBoot(): PreviewBoot {
  boot ??= JSON.parse(document.getElementById('preview-boot')?.textContent ?? '{}') as PreviewBoot;
  return boot;
}

export function chosenTheme(): ThemeName {
  return localStorage.getItem(THEME_KEY) === 'light' ? 'light' : 'dark';
}

export function rememberTheme(theme: ThemeName): void {
  localStorage.setItem(THEME_KEY, theme);
}

/** Leaves on `window` what Grafana's own page would have there. */
export function bootGrafana(): void {
  const { role, subPath } = previewBoot();
  const theme = chosenTheme();
  Object.assign(window, {
    __grafana_public_path__: '/public/',
    grafanaBootData: {
      user: {
        isSignedIn: true,
        login: role.toLowerCase(),
        orgId: 1,
        orgRole: role,
        theme,
        timezone: 'browser',
        locale: 'en-US',
      },
      settings: {
        appSubUrl: subPath,
        appUrl: `${location.origin}/`,
        buildInfo: { version: GRAFANA_RELEASE, commit: 'preview', env: 'development' },
        featureToggles: {},
        datasources: {},
        panels: {},
        apps: {},
      },
      navTree: [],
      assets: { dark: '', light: '' },
    },
  });
}
