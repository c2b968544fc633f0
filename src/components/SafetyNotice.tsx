import type { SafetyState } from '@evenkeel/contract/api';
import { Alert, Button } from '@grafana/ui';
import { useState } from 'react';
import { currentRole } from '../app/currentRole.ts';
import { releaseSafety } from '../service/runCommands.ts';
import { failureOf, type ServiceFailure } from '../service/serviceFailure.ts';
import { FailureNotice } from './FailureNotice.tsx';

/** Says that the safety lever is engaged and nothing can be started; an Admin can release it here. */
export function SafetyNotice({ safety, onChange }: { safety: SafetyState; onChange: () => void }) {
  const [failure, setFailure] = useState<ServiceFailure | null>(null);
  if (!safety.engaged) return null;
  const release = () => releaseSafety('').then(onChange, (thrown) => setFailure(failureOf(thrown)));
  const who = safety.by ? ` by ${safety.by}` : '';
  return (
    <>
      {failure && <FailureNotice failure={failure} onDismiss={() => setFailure(null)} />}
      <Alert severity="warning" title={`Everything was stopped${who}; nothing new can be started`}>
        {safety.reason && <p style={{ marginBottom: 8 }}>Reason: {safety.reason}</p>}
        {currentRole() === 'Admin' ? (
          <Button size="sm" variant="secondary" icon="unlock" onClick={release}>
            Release the safety lever
          </Button>
        ) : (
          'An Admin can release the safety lever on this page.'
        )}
      </Alert>
    </>
  );
}
