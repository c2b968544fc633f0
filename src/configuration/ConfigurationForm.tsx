import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { isFetchError } from '@grafana/runtime';
import { Alert, Button, Field, Input, LoadingPlaceholder, SecretInput, useStyles2 } from '@grafana/ui';
import { useEffect, useState } from 'react';
import { currentRole } from '../app/currentRole.ts';
import { Panel } from '../components/Panel.tsx';
import { CheckList } from './CheckList.tsx';
import type { Check } from './connectionChecks.ts';
import { normalServiceUrl } from './normalServiceUrl.ts';
import { loadSettings, type PluginSettings, saveSettings } from './pluginSettings.ts';
import { serviceUrlProblem } from './serviceUrlProblem.ts';
import { testConnection } from './testConnection.ts';

const messageOf = (thrown: unknown): string =>
  isFetchError<{ message?: string } | undefined>(thrown)
    ? (thrown.data?.message ?? `status ${thrown.status}`)
    : String(thrown);

/** Where the service is and how Grafana signs in to it, with a test that says why it fails. */
export function ConfigurationForm() {
  const styles = useStyles2(getStyles);
  const [settings, setSettings] = useState<PluginSettings | null>(null);
  const [url, setUrl] = useState('');
  /** undefined keeps the stored token. */
  const [token, setToken] = useState<string | undefined>(undefined);
  const [isUrlTouched, setIsUrlTouched] = useState(false);
  const [busy, setBusy] = useState<'save' | 'test' | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [checks, setChecks] = useState<readonly Check[] | null>(null);
  const isAdmin = currentRole() === 'Admin';

  useEffect(() => {
    loadSettings().then(
      (loaded) => {
        setSettings(loaded);
        setUrl(loaded.serviceUrl);
      },
      (thrown) => setProblem(`Grafana did not give the plugin's settings: ${messageOf(thrown)}`)
    );
  }, []);

  if (!isAdmin) return <Alert severity="info" title="The configuration is for people with the Admin role" />;
  if (!settings) {
    return problem ? <Alert severity="error" title={problem} /> : <LoadingPlaceholder text="Loading the settings …" />;
  }

  const urlProblem = serviceUrlProblem(url);
  const wanted = normalServiceUrl(url);
  const isChanged = wanted !== settings.serviceUrl || token !== undefined;
  const run = async () => {
    setIsUrlTouched(true);
    if (urlProblem) return;
    setProblem(null);
    setChecks(null);
    try {
      if (isChanged) {
        setBusy('save');
        await saveSettings(settings, wanted, token);
        setSettings({
          ...settings,
          serviceUrl: wanted,
          hasToken: token === undefined ? settings.hasToken : token !== '',
        });
        setToken(undefined);
      }
      setBusy('test');
      setChecks(await testConnection(wanted));
    } catch (thrown) {
      setProblem(`Grafana did not save the settings: ${messageOf(thrown)}`);
    } finally {
      setBusy(null);
    }
  };
  return (
    <div className={styles.page}>
      <Panel title="Evenkeel service">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void run();
          }}
        >
          <Field
            label="Service URL"
            description="As the Grafana server reaches it, not your browser."
            htmlFor="service-url"
            invalid={isUrlTouched && urlProblem !== null}
            error={urlProblem}
          >
            <Input
              id="service-url"
              placeholder="http://evenkeel:8787"
              value={url}
              onChange={(event) => setUrl(event.currentTarget.value)}
              onBlur={() => setIsUrlTouched(true)}
            />
          </Field>
          <Field
            label="Token"
            description="The token that the service knows as Grafana's. Grafana keeps it encrypted and never sends it to a browser."
            htmlFor="service-token"
          >
            <SecretInput
              id="service-token"
              isConfigured={settings.hasToken && token === undefined}
              value={token ?? ''}
              placeholder={settings.hasToken ? undefined : 'no token is stored'}
              onChange={(event) => setToken(event.currentTarget.value)}
              onReset={() => setToken('')}
            />
          </Field>
          <Button type="submit" disabled={busy !== null} icon={isChanged ? 'save' : 'plug'}>
            {busy === 'save'
              ? 'Saving …'
              : busy === 'test'
                ? 'Testing …'
                : isChanged
                  ? 'Save and test'
                  : 'Test the connection'}
          </Button>
        </form>
      </Panel>
      {problem && <Alert severity="error" title={problem} bottomSpacing={0} />}
      <div aria-live="polite">{checks && <CheckList checks={checks} />}</div>
      <p className={styles.hint}>
        Settings that come from a provisioning file are taken from it again at each start of Grafana.
      </p>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), maxWidth: 680 }),
  hint: css({ margin: 0, ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
});
