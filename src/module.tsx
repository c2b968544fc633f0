import { AppPlugin } from '@grafana/data';
import { lazy } from 'react';
import { ConfigurationTab } from './configuration/ConfigurationTab.tsx';

// Grafana wraps the root page in Suspense itself; everything behind it is loaded on the first visit.
const App = lazy(() => import('./app/App.tsx'));

export const plugin = new AppPlugin<object>().setRootPage(App).addConfigPage({
  title: 'Configuration',
  icon: 'cog',
  id: 'configuration',
  body: ConfigurationTab,
});
