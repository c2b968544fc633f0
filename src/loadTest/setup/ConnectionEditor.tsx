import { css } from '@emotion/css';
import { HEAD_BYTES, type Limits, STREAMS } from '@evenkeel/contract/limits';
import type { ConnectionSettings, LoadModel } from '@evenkeel/contract/scenario';
import type { GrafanaTheme2 } from '@grafana/data';
import { Field, RadioButtonGroup, useStyles2 } from '@grafana/ui';
import { Panel } from '../../components/Panel.tsx';
import { NumberInput } from './NumberInput.tsx';
import type { DraftProblem } from './scenarioDraft.ts';

interface Props {
  connections: ConnectionSettings;
  model: LoadModel['model'];
  limits: Limits;
  problems: readonly DraftProblem[];
  onChange: (connections: ConnectionSettings) => void;
}

const POLICIES: { value: ConnectionSettings['policy']; label: string; meaning: string }[] = [
  {
    value: 'round-robin',
    label: 'Pool',
    meaning: 'Requests take the connections of a pool in turn, as a client library with keep-alive does.',
  },
  {
    value: 'per-request',
    label: 'New each time',
    meaning:
      'Every request opens a connection: what a balancer of connections spreads best, at the cost of handshakes.',
  },
  {
    value: 'per-user',
    label: 'One per user',
    meaning: 'Each user keeps one connection, as a browser does: a balancer of connections pins users to pods.',
  },
];

const PROTOCOL_OPTIONS: { value: ConnectionSettings['protocol']; label: string }[] = [
  { value: 'http/1.1', label: 'HTTP/1.1' },
  { value: 'http/2', label: 'HTTP/2' },
];

/** How requests share connections: behind a balancer of connections this decides the balance more than anything else. */
export function ConnectionEditor({ connections, model, limits, problems, onChange }: Props) {
  const styles = useStyles2(getStyles);
  const invalid = (field: keyof ConnectionSettings) => problems.some(({ path }) => path === `connections.${field}`);
  const offered = model === 'rate' ? POLICIES.filter(({ value }) => value !== 'per-user') : POLICIES;
  return (
    <Panel
      title="Connections"
      aside={
        <RadioButtonGroup
          size="sm"
          aria-label="Connection policy"
          options={offered.map(({ value, label }) => ({ value, label }))}
          value={connections.policy}
          onChange={(policy) =>
            onChange({ ...connections, policy, streams: policy === 'round-robin' ? connections.streams : 1 })
          }
        />
      }
    >
      <p className={styles.meaning}>{POLICIES.find(({ value }) => value === connections.policy)?.meaning}</p>
      <div className={styles.row}>
        <Field label="Open at once, at most" htmlFor="connection-count" noMargin>
          <NumberInput
            id="connection-count"
            value={connections.count}
            invalid={invalid('count')}
            min={limits.connections.min}
            max={limits.connections.max}
            step={1}
            onChange={(count) => onChange({ ...connections, count: count ?? 1 })}
          />
        </Field>
        <Field label="Protocol" noMargin>
          <RadioButtonGroup
            aria-label="Protocol"
            fullWidth
            options={PROTOCOL_OPTIONS}
            value={connections.protocol}
            onChange={(protocol) =>
              onChange({ ...connections, protocol, streams: protocol === 'http/2' ? connections.streams : 1 })
            }
          />
        </Field>
        {connections.protocol === 'http/2' && connections.policy === 'round-robin' && (
          <Field label="Requests at once over each" htmlFor="connection-streams" noMargin>
            <NumberInput
              id="connection-streams"
              value={connections.streams}
              invalid={invalid('streams')}
              min={STREAMS.min}
              max={STREAMS.max}
              step={1}
              onChange={(streams) => onChange({ ...connections, streams: streams ?? 1 })}
            />
          </Field>
        )}
        <Field label="Close after requests" htmlFor="connection-requests" noMargin>
          <NumberInput
            id="connection-requests"
            value={connections.maxRequests}
            invalid={invalid('maxRequests')}
            nullable
            placeholder="never"
            min={1}
            step={1}
            onChange={(maxRequests) => onChange({ ...connections, maxRequests })}
          />
        </Field>
        <Field label="Close after seconds" htmlFor="connection-age" noMargin>
          <NumberInput
            id="connection-age"
            value={connections.maxAgeSeconds}
            invalid={invalid('maxAgeSeconds')}
            nullable
            placeholder="never"
            min={0.1}
            onChange={(maxAgeSeconds) => onChange({ ...connections, maxAgeSeconds })}
          />
        </Field>
        <Field label="Largest head of an answer" htmlFor="connection-head" noMargin>
          <NumberInput
            id="connection-head"
            value={connections.maxHeadBytes}
            invalid={invalid('maxHeadBytes')}
            suffix="bytes"
            min={HEAD_BYTES.min}
            max={HEAD_BYTES.max}
            step={1}
            onChange={(maxHeadBytes) => onChange({ ...connections, maxHeadBytes: maxHeadBytes ?? 0 })}
          />
        </Field>
      </div>
    </Panel>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  meaning: css({ margin: theme.spacing(0, 0, 1), color: theme.colors.text.secondary, textWrap: 'pretty' }),
  row: css({ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(150px, 1fr))', gap: theme.spacing(1) }),
});
