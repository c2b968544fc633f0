import { createTheme, EventBusSrv, PluginContextProvider, ThemeContext } from '@grafana/data';
import { config, LocationServiceProvider, locationService, setAppEvents, setBackendSrv } from '@grafana/runtime';
import { GlobalStyles, PortalContainer } from '@grafana/ui';
import { useState, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'react-router';
import { chosenTheme, previewBoot, rememberTheme, type ThemeName } from './bootData.ts';
import { fetchBackend } from './fetchBackend.ts';
import { HostChrome } from './HostChrome.tsx';
import { loadPlugin } from './loadPlugin.ts';
import { PluginRoot } from './PluginRoot.tsx';
import { pluginMeta } from './pluginMeta.ts';

const history = locationService.getHistory();

function Host({ plugin }: { plugin: Awaited<ReturnType<typeof loadPlugin>> }) {
  const [themeName, setThemeName] = useState<ThemeName>(chosenTheme);
  const place = useSyncExternalStore(history.listen, () => history.location);
  const theme = createTheme({ colors: { mode: themeName } });
  config.theme2 = theme;
  const changeTheme = (next: ThemeName) => {
    rememberTheme(next);
    setThemeName(next);
  };
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <LocationServiceProvider service={locationService}>
        {/* history 4 has no createURL; react-router 6 reads only what both have */}
        <Router location={place as never} navigator={history as never}>
          <PluginContextProvider meta={plugin.meta}>
            <HostChrome theme={themeName} onTheme={changeTheme}>
              <PluginRoot plugin={plugin} />
            </HostChrome>
          </PluginContextProvider>
        </Router>
      </LocationServiceProvider>
      <PortalContainer />
    </ThemeContext.Provider>
  );
}

/** Does what Grafana does between an empty page and a plugin on the screen. */
export async function renderHost(): Promise<void> {
  const { plugin: about } = previewBoot();
  setBackendSrv(fetchBackend());
  setAppEvents(new EventBusSrv());
  const url = `${location.origin}/public/plugins/${about.id}/module.js`;
  const plugin = await loadPlugin(url);
  const meta = pluginMeta();
  plugin.init(meta);
  plugin.meta = meta;
  const root = document.getElementById('root');
  if (root) createRoot(root).render(<Host plugin={plugin} />);
}
