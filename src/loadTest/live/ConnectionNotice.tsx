import { Alert } from '@grafana/ui';
import { useEffect, useState } from 'react';
import { FailureNotice } from '../../components/FailureNotice.tsx';
import type { Connection } from '../../service/live/followRun.ts';

/** Says that the page lost the service, and when it tries again; nothing while all is well. */
export function ConnectionNotice({ connection }: { connection: Connection }) {
  const [now, setNow] = useState(Date.now);
  const isWaiting = connection.state === 'waiting';
  useEffect(() => {
    if (!isWaiting) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [isWaiting]);
  if (connection.state === 'refused') return <FailureNotice failure={connection.failure} />;
  if (connection.state !== 'waiting') return null;
  const seconds = Math.max(0, Math.ceil((connection.retryAt - now) / 1000));
  return (
    <Alert severity="warning" title={`Reconnecting ${seconds > 0 ? `in ${seconds} s` : 'now'} …`}>
      The test itself goes on; the figures below are the last ones that arrived. {connection.failure.title}.
    </Alert>
  );
}
