import { LoadingPlaceholder } from '@grafana/ui';
import { lazy, Suspense } from 'react';

const Form = lazy(async () => ({ default: (await import('./ConfigurationForm.tsx')).ConfigurationForm }));

/** The configuration as a tab on Grafana's page about the plugin. */
export const ConfigurationTab = () => (
  <Suspense fallback={<LoadingPlaceholder text="Loading …" />}>
    <Form />
  </Suspense>
);
