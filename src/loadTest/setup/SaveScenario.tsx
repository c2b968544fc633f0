import type { StoredScenario } from '@evenkeel/contract/api';
import type { Scenario } from '@evenkeel/contract/scenario';
import { Button, Field, Input, Modal, Stack } from '@grafana/ui';
import { useState } from 'react';
import { FailureNotice } from '../../components/FailureNotice.tsx';
import { createScenario } from '../../service/scenarioCommands.ts';
import { failureOf, type ServiceFailure } from '../../service/serviceFailure.ts';

interface Props {
  scenario: Scenario;
  onSaved: (entry: StoredScenario) => void;
}

/** Keeps a changed scenario under a name of its own. */
export function SaveScenario({ scenario, onSaved }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  const [name, setName] = useState('');
  const [failure, setFailure] = useState<ServiceFailure | null>(null);
  const save = () =>
    createScenario({ scenario: { ...scenario, name: name.trim() } }).then(
      (entry) => {
        setIsOpen(false);
        setFailure(null);
        onSaved(entry);
      },
      (thrown) => setFailure(failureOf(thrown))
    );
  return (
    <>
      <Button size="sm" variant="secondary" icon="save" onClick={() => setIsOpen(true)}>
        Save as a scenario
      </Button>
      <Modal title="Save as a scenario" isOpen={isOpen} onDismiss={() => setIsOpen(false)}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <Stack direction="column" gap={2}>
            {failure && <FailureNotice failure={failure} />}
            <Field label="Name" htmlFor="scenario-name" noMargin>
              <Input
                id="scenario-name"
                maxLength={100}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
            </Field>
          </Stack>
          <Modal.ButtonRow>
            <Button type="button" variant="secondary" fill="outline" onClick={() => setIsOpen(false)}>
              Cancel
            </Button>
            <Button type="submit" disabled={name.trim() === ''}>
              Save
            </Button>
          </Modal.ButtonRow>
        </form>
      </Modal>
    </>
  );
}
