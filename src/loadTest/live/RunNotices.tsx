import { Alert } from '@grafana/ui';
import type { LiveRun } from '../../sidecar/live/liveRun.ts';

/** What the service wants a person to know about this run, in line and all at once. */
export function RunNotices({ live }: { live: LiveRun }) {
  const notices = [...new Set([...live.notices, ...(live.report?.notices ?? [])])];
  if (notices.length === 0) return null;
  const [first = '', ...others] = notices;
  return (
    <Alert severity="warning" title={first}>
      {others.length > 0 && (
        <ul style={{ margin: 0, paddingLeft: 16 }}>
          {others.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </Alert>
  );
}
