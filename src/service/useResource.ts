import { useCallback, useEffect, useRef, useState } from 'react';
import { failureOf, type ServiceFailure } from './serviceFailure.ts';

export interface Resource<T> {
  /** The last good answer for the present key; undefined before the first one. */
  readonly data: T | undefined;
  /** Why the last attempt failed; null when it did not. Data of an earlier attempt stays beside it. */
  readonly failure: ServiceFailure | null;
  readonly isLoading: boolean;
  /** Asks again now. */
  readonly refresh: () => void;
}

interface State<T> {
  key: string;
  data: T | undefined;
  failure: ServiceFailure | null;
  isLoading: boolean;
}

/**
 * Keeps the answer to one question of the service. `key` names the question: a new key forgets the old answer.
 * With `everyMs` it asks again in that rhythm while the page is visible. A null `ask` asks nothing.
 */
export function useResource<T>(
  key: string,
  ask: ((signal: AbortSignal) => Promise<T>) | null,
  everyMs?: number
): Resource<T> {
  const idle = ask === null;
  const [state, setState] = useState<State<T>>({ key, data: undefined, failure: null, isLoading: !idle });
  const [attempt, setAttempt] = useState(0);
  const latestAsk = useRef(ask);
  latestAsk.current = ask;
  const isAsking = useRef(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: attempt is what makes it ask again; key stands for the question
  useEffect(() => {
    if (idle) return;
    const abort = new AbortController();
    isAsking.current = true;
    setState((old) => ({
      key,
      data: old.key === key ? old.data : undefined,
      failure: old.key === key ? old.failure : null,
      isLoading: true,
    }));
    latestAsk.current?.(abort.signal).then(
      (data) => {
        if (abort.signal.aborted) return;
        isAsking.current = false;
        setState({ key, data, failure: null, isLoading: false });
      },
      (thrown) => {
        if (abort.signal.aborted) return;
        isAsking.current = false;
        setState((old) => ({ key, data: old.data, failure: failureOf(thrown), isLoading: false }));
      }
    );
    return () => abort.abort();
  }, [key, attempt, idle]);

  const refresh = useCallback(() => setAttempt((n) => n + 1), []);
  useEffect(() => {
    if (everyMs === undefined || idle) return;
    const timer = setInterval(() => {
      // A service that is slower than the rhythm still gets to answer.
      if (!document.hidden && !isAsking.current) refresh();
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, idle, refresh]);

  const isCurrent = state.key === key;
  return {
    data: isCurrent ? state.data : undefined,
    failure: isCurrent ? state.failure : null,
    isLoading: idle ? false : !isCurrent || state.isLoading,
    refresh,
  };
}
