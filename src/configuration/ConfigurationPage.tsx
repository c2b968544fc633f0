import { PluginPage } from '@grafana/runtime';
import { ConfigurationForm } from './ConfigurationForm.tsx';

/** The configuration as a page of the app. */
function ConfigurationPage() {
  return (
    <PluginPage subTitle="Where the Evenkeel service is, and how Grafana signs in to it.">
      <ConfigurationForm />
    </PluginPage>
  );
}

export default ConfigurationPage;
