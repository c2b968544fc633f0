import type { Status, TargetSummary } from '@evenkeel/contract/api';
import { Alert, LinkButton } from '@grafana/ui';
import { pagePaths } from '../../app/pagePaths.ts';

interface Props {
  activeRuns: Status['activeRuns'];
  targets: readonly TargetSummary[];
}

/** Tests that run while somebody looks at the form. */
export function RunningTests({ activeRuns, targets }: Props) {
  return activeRuns.map(({ runId, targetId }) => {
    const name = targets.find(({ target }) => target.id === targetId)?.target.name ?? targetId;
    return (
      <Alert key={runId} severity="info" title={`A test is running on ${name}`}>
        <LinkButton size="sm" variant="secondary" icon="eye" href={pagePaths.loadTest({ run: runId })}>
          Watch it
        </LinkButton>
      </Alert>
    );
  });
}
