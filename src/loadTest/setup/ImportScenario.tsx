import type { StoredScenario } from '@evenkeel/contract/api';
import { Button } from '@grafana/ui';
import { useRef } from 'react';
import { importScenario } from '../../service/scenarioCommands.ts';
import { failureOf, type ServiceFailure } from '../../service/serviceFailure.ts';

interface Props {
  onSaved: (entry: StoredScenario) => void;
  onFailure: (failure: ServiceFailure | null) => void;
}

/** Brings a scenario file in. The service reads it, so that its limits and the words of its refusals are those of the command. */
export function ImportScenario({ onSaved, onFailure }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const bringIn = (file: File | undefined) => {
    onFailure(null);
    file
      ?.text()
      .then(importScenario)
      .then(onSaved, (thrown) => onFailure(failureOf(thrown)));
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".yaml,.yml,.json"
        aria-label="Scenario file"
        hidden
        onChange={(event) => {
          bringIn(event.currentTarget.files?.[0]);
          // The same file again, mended meanwhile, is a change as well.
          event.currentTarget.value = '';
        }}
      />
      <Button size="sm" variant="secondary" fill="text" icon="upload" onClick={() => input.current?.click()}>
        Import a scenario
      </Button>
    </>
  );
}
