import { css } from '@emotion/css';
import type { Limits } from '@evenkeel/contract/limits';
import { METHODS, type Scenario } from '@evenkeel/contract/scenario';
import type { GrafanaTheme2 } from '@grafana/data';
import { Combobox, Field, Input, TextArea, useStyles2 } from '@grafana/ui';
import { useState } from 'react';
import { Panel } from '../../components/Panel.tsx';
import { expectOf, expectText } from './expectText.ts';
import { headersOf, headersText } from './headersText.ts';
import { NumberInput } from './NumberInput.tsx';
import type { DraftProblem } from './scenarioDraft.ts';

interface Props {
  scenario: Scenario;
  limits: Limits;
  problems: readonly DraftProblem[];
  onChange: (scenario: Scenario) => void;
}

const METHOD_OPTIONS = METHODS.map((value) => ({ value, label: value }));
const WITHOUT_BODY: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** What is sent, and the time around it that does not count. */
export function RequestEditor({ scenario, limits, problems, onChange }: Props) {
  const styles = useStyles2(getStyles);
  const { request } = scenario;
  const [headers, setHeaders] = useState(headersText(request.headers));
  const [expect, setExpect] = useState(expectText(request.expect));
  const set = (part: Partial<Scenario['request']>) => onChange({ ...scenario, request: { ...request, ...part } });
  const problemOf = (field: string) => problems.find(({ path }) => path.startsWith(field))?.message;
  const takesBody = !WITHOUT_BODY.includes(request.method);
  return (
    <Panel title="Request">
      {scenario.mix && (
        <p className={styles.mix}>
          This scenario sends a mix of {scenario.mix.length} requests by weight; the request below is not used.
        </p>
      )}
      <div className={styles.request}>
        <Field label="Method" htmlFor="request-method" noMargin>
          <Combobox
            id="request-method"
            options={METHOD_OPTIONS}
            value={request.method}
            onChange={({ value }) => set({ method: value, body: WITHOUT_BODY.includes(value) ? null : request.body })}
          />
        </Field>
        <Field label="Path" htmlFor="request-path" noMargin invalid={problemOf('request.path') !== undefined}>
          <Input
            id="request-path"
            value={request.path ?? ''}
            placeholder="that of the target"
            onChange={(event) => set({ path: event.currentTarget.value || null })}
          />
        </Field>
        <Field
          label="Statuses that are a success"
          htmlFor="request-expect"
          noMargin
          invalid={problemOf('request.expect') !== undefined}
        >
          <Input
            id="request-expect"
            placeholder="2xx, 3xx"
            value={expect}
            onChange={(event) => {
              setExpect(event.currentTarget.value);
              set({ expect: expectOf(event.currentTarget.value) });
            }}
          />
        </Field>
        <Field label="Timeout" htmlFor="request-timeout" noMargin>
          <NumberInput
            id="request-timeout"
            value={request.timeoutMs}
            invalid={problemOf('request.timeoutMs') !== undefined}
            suffix="ms"
            min={limits.timeoutMs.min}
            max={limits.timeoutMs.max}
            onChange={(timeoutMs) => set({ timeoutMs: timeoutMs ?? 0 })}
          />
        </Field>
      </div>
      <div className={takesBody ? styles.halves : undefined}>
        <Field
          label="Headers, one per line"
          htmlFor="request-headers"
          noMargin
          invalid={problemOf('request.headers') !== undefined}
        >
          <TextArea
            id="request-headers"
            rows={2}
            placeholder="Accept: application/json"
            value={headers}
            onChange={(event) => {
              setHeaders(event.currentTarget.value);
              set({ headers: headersOf(event.currentTarget.value) });
            }}
          />
        </Field>
        {takesBody && (
          <Field label="Body" htmlFor="request-body" noMargin>
            <TextArea
              id="request-body"
              rows={2}
              value={request.body ?? ''}
              onChange={(event) => set({ body: event.currentTarget.value || null })}
            />
          </Field>
        )}
      </div>
      <div className={styles.halves}>
        <Field label="Warm-up, not measured" htmlFor="warmup" noMargin>
          <NumberInput
            id="warmup"
            value={scenario.warmupSeconds}
            invalid={problemOf('warmupSeconds') !== undefined}
            suffix="s"
            min={0}
            max={120}
            onChange={(warmupSeconds) => onChange({ ...scenario, warmupSeconds: warmupSeconds ?? 0 })}
          />
        </Field>
        <Field label="Wait for late answers at the end" htmlFor="drain" noMargin>
          <NumberInput
            id="drain"
            value={scenario.drainSeconds}
            invalid={problemOf('drainSeconds') !== undefined}
            suffix="s"
            min={0}
            max={60}
            onChange={(drainSeconds) => onChange({ ...scenario, drainSeconds: drainSeconds ?? 0 })}
          />
        </Field>
      </div>
    </Panel>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  mix: css({ margin: theme.spacing(0, 0, 1), color: theme.colors.text.secondary }),
  request: css({
    display: 'grid',
    gridTemplateColumns: '112px 1fr 180px 112px',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(1),
  }),
  halves: css({
    display: 'grid',
    gridTemplateColumns: '1fr 1fr',
    gap: theme.spacing(1),
    marginTop: theme.spacing(1),
  }),
});
