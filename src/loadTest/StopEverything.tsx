import { Button, ConfirmModal } from '@grafana/ui';
import { useState } from 'react';
import { stopAll } from '../service/runCommands.ts';
import { failureOf, type ServiceFailure } from '../service/serviceFailure.ts';

/** The lever that anyone signed in may pull: all load ends, every fault is taken back, nothing new starts. */
export function StopEverything({
  onDone,
  onFailure,
}: {
  onDone: () => void;
  onFailure: (failure: ServiceFailure) => void;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const confirm = () => {
    setIsOpen(false);
    stopAll('').then(onDone, (thrown) => onFailure(failureOf(thrown)));
  };
  return (
    <>
      <Button variant="secondary" icon="shield-exclamation" onClick={() => setIsOpen(true)}>
        Stop everything
      </Button>
      <ConfirmModal
        isOpen={isOpen}
        title="Stop everything"
        body="This ends all load on every target, takes back every injected fault, and refuses anything new until an Admin releases the safety lever."
        confirmText="Stop everything"
        onConfirm={confirm}
        onDismiss={() => setIsOpen(false)}
      />
    </>
  );
}
