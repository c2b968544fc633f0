import type { StoredScenario } from '@evenkeel/contract/api';
import type { Scenario } from '@evenkeel/contract/scenario';
import { SCENARIO_FORMATS } from '@evenkeel/contract/scenarioFile';
import { Button, ConfirmModal, Dropdown, Menu } from '@grafana/ui';
import { useState } from 'react';
import { changeScenario, deleteScenario, downloadScenario, duplicateScenario } from '../../service/scenarioCommands.ts';
import { failureOf, type ServiceFailure } from '../../service/serviceFailure.ts';
import { SaveScenario } from './SaveScenario.tsx';

interface Props {
  /** The stored scenario that is shown; null when the form was filled from an earlier run. */
  origin: StoredScenario | null;
  scenario: Scenario;
  isChanged: boolean;
  isValid: boolean;
  mayWrite: boolean;
  /** A scenario was saved: it is the one to show; null after one was deleted. */
  onSaved: (entry: StoredScenario | null) => void;
  onFailure: (failure: ServiceFailure | null) => void;
}

/** What one can do with the shown scenario besides running it: keep the changes, copy, export, delete. */
export function ScenarioActions({ origin, scenario, isChanged, isValid, mayWrite, onSaved, onFailure }: Props) {
  const [isDeleting, setIsDeleting] = useState(false);
  const attempt = (work: Promise<StoredScenario | null | undefined>) => {
    onFailure(null);
    work.then(
      (entry) => entry !== undefined && onSaved(entry),
      (thrown) => onFailure(failureOf(thrown))
    );
  };
  const isOwn = origin !== null && !origin.builtIn;
  const menu = origin && (
    <Menu>
      {mayWrite && <Menu.Item label="Duplicate" icon="copy" onClick={() => attempt(duplicateScenario(origin.id))} />}
      {SCENARIO_FORMATS.map((format) => (
        <Menu.Item
          key={format}
          label={`Export as ${format.toUpperCase()}`}
          icon="download-alt"
          onClick={() => attempt(downloadScenario(origin.id, format).then(() => undefined))}
        />
      ))}
      {mayWrite && isOwn && (
        <Menu.Item label="Delete" icon="trash-alt" destructive onClick={() => setIsDeleting(true)} />
      )}
    </Menu>
  );
  return (
    <>
      {mayWrite && isChanged && isValid && (
        <>
          {isOwn && (
            <Button
              size="sm"
              variant="secondary"
              icon="save"
              onClick={() => attempt(changeScenario(origin.id, { scenario }))}
            >
              Save changes
            </Button>
          )}
          <SaveScenario scenario={scenario} onSaved={onSaved} />
        </>
      )}
      {menu && (
        <Dropdown overlay={menu} placement="bottom-end">
          <Button size="sm" variant="secondary" fill="text" icon="ellipsis-v" aria-label="More for this scenario" />
        </Dropdown>
      )}
      {origin && (
        <ConfirmModal
          isOpen={isDeleting}
          title={`Delete "${origin.scenario.name}"`}
          body="Runs that used it keep their copy of it."
          confirmText="Delete"
          onConfirm={() => {
            setIsDeleting(false);
            attempt(deleteScenario(origin.id).then(() => null));
          }}
          onDismiss={() => setIsDeleting(false)}
        />
      )}
    </>
  );
}
