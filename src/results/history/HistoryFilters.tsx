import { css } from '@emotion/css';
import { SCENARIO_KINDS } from '@evenkeel/contract/scenario';
import type { GrafanaTheme2 } from '@grafana/data';
import { Checkbox, Combobox, FilterInput, FilterPill, useStyles2 } from '@grafana/ui';
import { HiddenLabel } from '../../components/HiddenLabel.tsx';
import { useTargets } from '../../service/useTargets.ts';
import { type HistoryView, STATE_FILTERS } from './historyQuery.ts';
import { KIND_TEXT } from './kindText.ts';

interface Props {
  view: HistoryView;
  onChange: (part: Partial<HistoryView>) => void;
}

const KINDS = SCENARIO_KINDS.map((value) => ({ value, label: KIND_TEXT[value] }));
const STATES = Object.entries(STATE_FILTERS).map(([value, { label }]) => ({ value, label }));

/** What the history is narrowed down by. */
export function HistoryFilters({ view, onChange }: Props) {
  const styles = useStyles2(getStyles);
  const targets = useTargets();
  const targetOptions = (targets.data?.targets ?? []).map(({ target }) => ({ value: target.id, label: target.name }));
  return (
    <search className={styles.row} aria-label="Filter the runs">
      <FilterInput
        width={34}
        placeholder="Find by name, note or id"
        aria-label="Find by name, note or id"
        value={view.text}
        onChange={(text) => onChange({ text })}
      />
      <HiddenLabel text="Target">
        {(id) => (
          <Combobox
            id={id}
            placeholder="Any target"
            width={24}
            isClearable
            options={targetOptions}
            value={view.targetId}
            onChange={(option) => onChange({ targetId: option?.value ?? null })}
          />
        )}
      </HiddenLabel>
      <HiddenLabel text="Scenario">
        {(id) => (
          <Combobox
            id={id}
            placeholder="Any scenario"
            width={20}
            isClearable
            options={KINDS}
            value={view.kind}
            onChange={(option) => onChange({ kind: option?.value ?? null })}
          />
        )}
      </HiddenLabel>
      <HiddenLabel text="State">
        {(id) => (
          <Combobox
            id={id}
            placeholder="Any state"
            width={20}
            isClearable
            options={STATES}
            value={view.state}
            onChange={(option) => onChange({ state: option?.value ?? null })}
          />
        )}
      </HiddenLabel>
      <Checkbox
        label="Baselines only"
        checked={view.baselineOnly}
        onChange={(event) => onChange({ baselineOnly: event.currentTarget.checked })}
      />
      {view.label && <FilterPill label={view.label} selected onClick={() => onChange({ label: null })} />}
    </search>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(1.5),
  }),
});
