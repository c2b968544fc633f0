import { Alert, Button, LinkButton, Stack } from '@grafana/ui';
import { currentRole } from '../app/currentRole.ts';
import { pagePaths } from '../app/pagePaths.ts';
import type { FailureKind, ServiceFailure } from '../service/serviceFailure.ts';

/** Failures that the configuration page can cure. */
const CONFIGURABLE: readonly FailureKind[] = ['unreachable', 'wrong-token', 'unexpected-answer'];

interface Props {
  failure: ServiceFailure;
  onRetry?: () => void;
  onDismiss?: () => void;
}

/** A failure where it matters: what was wrong, where, what to do. */
export function FailureNotice({ failure, onRetry, onDismiss }: Props) {
  const offersConfiguration = CONFIGURABLE.includes(failure.kind) && currentRole() === 'Admin';
  const fields = failure.problem?.errors ?? [];
  return (
    <Alert severity="error" title={failure.title} onRemove={onDismiss}>
      <Stack direction="column" gap={1}>
        <span>{failure.detail}</span>
        {fields.length > 0 && (
          <ul style={{ margin: 0, paddingLeft: 16 }}>
            {fields.map(({ field, message }) => (
              <li key={`${field} ${message}`}>
                <code>{field}</code>: {message}
              </li>
            ))}
          </ul>
        )}
        {(onRetry || offersConfiguration) && (
          <Stack gap={1}>
            {onRetry && (
              <Button size="sm" variant="secondary" icon="sync" onClick={onRetry}>
                Try again
              </Button>
            )}
            {offersConfiguration && (
              <LinkButton size="sm" variant="secondary" icon="cog" href={pagePaths.configuration()}>
                Open the configuration
              </LinkButton>
            )}
          </Stack>
        )}
      </Stack>
    </Alert>
  );
}
