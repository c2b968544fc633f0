import { REPORT_FORMATS, type ReportFormat } from '@evenkeel/contract/api';
import { includesRole } from '@evenkeel/contract/role';
import { isFinal } from '@evenkeel/contract/run';
import { dateTimeFormat } from '@grafana/data';
import { PluginPage } from '@grafana/runtime';
import { Alert, Button, Dropdown, LinkButton, LoadingPlaceholder, Menu } from '@grafana/ui';
import { useState } from 'react';
import { currentRole } from '../../app/currentRole.ts';
import { pagePaths } from '../../app/pagePaths.ts';
import { FailureNotice } from '../../components/FailureNotice.tsx';
import { downloadReport } from '../../service/runCommands.ts';
import { failureOf, type ServiceFailure } from '../../service/serviceFailure.ts';
import { useReport } from '../../service/useReport.ts';
import { useRun } from '../../service/useRun.ts';
import { dashboardPath } from './dashboardPath.ts';
import { ReportView } from './ReportView.tsx';
import { RunRecord } from './RunRecord.tsx';

const FORMAT_TEXT: Readonly<Record<ReportFormat, string>> = {
  json: 'JSON',
  markdown: 'Markdown',
  html: 'HTML',
  junit: 'JUnit XML',
};

/** One run in full. */
function RunPage({ id }: { id: string }) {
  const run = useRun(id);
  const isOver = run.data !== undefined && isFinal(run.data.state);
  const report = useReport(isOver ? id : null);
  const [failure, setFailure] = useState<ServiceFailure | null>(null);
  const mayTest = includesRole(currentRole(), 'Editor');
  const dashboard = run.data ? dashboardPath(run.data) : null;

  const download = (format: ReportFormat) => {
    setFailure(null);
    downloadReport(id, format).catch((thrown) => setFailure(failureOf(thrown)));
  };
  const exportMenu = (
    <Menu>
      {REPORT_FORMATS.map((format) => (
        <Menu.Item key={format} label={FORMAT_TEXT[format]} onClick={() => download(format)} />
      ))}
    </Menu>
  );
  const actions = run.data && (
    <>
      {dashboard && (
        <LinkButton variant="secondary" icon="dashboard" href={dashboard}>
          Dashboard
        </LinkButton>
      )}
      {report.data && (
        <Dropdown overlay={exportMenu} placement="bottom-end">
          <Button variant="secondary" icon="download-alt">
            Export
          </Button>
        </Dropdown>
      )}
      {report.data && (
        <LinkButton variant="secondary" icon="columns" href={pagePaths.compare(id)}>
          Compare
        </LinkButton>
      )}
      {mayTest && isOver && (
        <LinkButton icon="repeat" href={pagePaths.loadTest({ again: id })}>
          Run again
        </LinkButton>
      )}
    </>
  );
  return (
    <PluginPage
      pageNav={{
        text: run.data ? `${run.data.scenario.name} on ${run.data.target.name}` : 'Run',
        parentItem: { text: 'Results', url: pagePaths.results() },
      }}
      subTitle={
        run.data &&
        `${dateTimeFormat(run.data.startedAt ?? run.data.createdAt, { format: 'YYYY-MM-DD HH:mm:ss' })} · ${run.data.target.balancer} · started by ${run.data.startedBy}`
      }
      actions={actions}
    >
      {failure && <FailureNotice failure={failure} onDismiss={() => setFailure(null)} />}
      {run.failure && <FailureNotice failure={run.failure} onRetry={run.refresh} />}
      {report.failure && <FailureNotice failure={report.failure} onRetry={report.refresh} />}
      {run.data && !isOver && (
        <Alert severity="info" title="This test is still running">
          <LinkButton size="sm" variant="secondary" icon="eye" href={pagePaths.loadTest({ run: id })}>
            Watch it
          </LinkButton>
        </Alert>
      )}
      {(run.isLoading && !run.data) || (report.isLoading && !report.data) ? (
        <LoadingPlaceholder text="Asking the service for the report …" />
      ) : null}
      {run.data && <RunRecord key={id} run={run.data} canEdit={mayTest} onChanged={run.refresh} />}
      {report.data && <ReportView report={report.data} />}
    </PluginPage>
  );
}

export default RunPage;
