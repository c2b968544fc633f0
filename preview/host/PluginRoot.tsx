import type { AppPlugin } from '@grafana/data';
import { LoadingPlaceholder } from '@grafana/ui';
import { Suspense } from 'react';
import { useLocation } from 'react-router';

/** The plugin's root page below `/a/<id>`, its configuration tab below `/plugins/<id>`. */
export function PluginRoot({ plugin }: { plugin: AppPlugin }) {
  const { pathname } = useLocation();
  const configPage = plugin.configPages?.[0];
  const Root = plugin.root;
  if (pathname.startsWith('/plugins/') && configPage) {
    const { body: Body } = configPage;
    return <Body plugin={plugin as never} query={{}} />;
  }
  if (!Root) return null;
  return (
    <Suspense fallback={<LoadingPlaceholder text="Loading …" />}>
      <Root meta={plugin.meta} basename={pathname} onNavChanged={() => {}} query={{}} path={pathname} />
    </Suspense>
  );
}
