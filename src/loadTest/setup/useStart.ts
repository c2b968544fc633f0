import type { StartRunInput } from '@evenkeel/contract/api';
import { locationService } from '@grafana/runtime';
import { useRef, useState } from 'react';
import { pagePaths } from '../../app/pagePaths.ts';
import { startRun } from '../../service/runCommands.ts';
import { failureOf, type ServiceFailure } from '../../service/serviceFailure.ts';
import { randomKey } from './randomKey.ts';

export interface Start {
  readonly isStarting: boolean;
  readonly failure: ServiceFailure | null;
  readonly dismiss: () => void;
  readonly start: (body: StartRunInput) => void;
}

/** Starts a test and goes to it. A retry of the same request after a lost answer finds the run that it started. */
export function useStart(): Start {
  const [isStarting, setIsStarting] = useState(false);
  const [failure, setFailure] = useState<ServiceFailure | null>(null);
  const unanswered = useRef<{ body: string; key: string } | null>(null);
  const start = (body: StartRunInput) => {
    const text = JSON.stringify(body);
    const key = unanswered.current?.body === text ? unanswered.current.key : randomKey();
    unanswered.current = { body: text, key };
    setIsStarting(true);
    setFailure(null);
    startRun(body, key).then(
      (run) => locationService.push(pagePaths.loadTest({ run: run.id })),
      (thrown) => {
        const reason = failureOf(thrown);
        // Only without an answer may the run exist; a refusal frees the key.
        if (reason.kind === 'problem') unanswered.current = null;
        setIsStarting(false);
        setFailure(reason);
      }
    );
  };
  return { isStarting, failure, dismiss: () => setFailure(null), start };
}
