import { PluginPage } from '@grafana/runtime';
import { Alert, Button } from '@grafana/ui';
import { Component, type ReactNode } from 'react';

/** Keeps a mistake on one page from taking the rest of Grafana along, and offers a way on. */
export class AppErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state as { error: Error | null };
    if (error === null) return this.props.children;
    return (
      <PluginPage>
        <Alert severity="error" title="This page broke">
          <p>{error.message}</p>
          <Button variant="secondary" size="sm" icon="sync" onClick={() => this.setState({ error: null })}>
            Show it again
          </Button>
        </Alert>
      </PluginPage>
    );
  }
}
