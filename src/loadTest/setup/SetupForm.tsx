import { css, cx } from '@emotion/css';
import type { StoredScenario, TargetSummary } from '@evenkeel/contract/api';
import type { Limits } from '@evenkeel/contract/limits';
import { includesRole } from '@evenkeel/contract/role';
import type { Run } from '@evenkeel/contract/run';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, EmptyState, LinkButton, useStyles2 } from '@grafana/ui';
import { useState } from 'react';
import { currentRole } from '../../app/currentRole.ts';
import { pagePaths } from '../../app/pagePaths.ts';
import { FailureNotice } from '../../components/FailureNotice.tsx';
import type { ServiceFailure } from '../../service/serviceFailure.ts';
import { BreakingPointEditor } from './BreakingPointEditor.tsx';
import { ConnectionEditor } from './ConnectionEditor.tsx';
import { FirstTest } from './FirstTest.tsx';
import { fieldName } from './fieldName.ts';
import { ImportScenario } from './ImportScenario.tsx';
import { LoadEditor } from './LoadEditor.tsx';
import { PlannedFaults } from './PlannedFaults.tsx';
import { RequestEditor } from './RequestEditor.tsx';
import { ScenarioActions } from './ScenarioActions.tsx';
import { ScenarioCards } from './ScenarioCards.tsx';
import { draftOf, draftProblems, isUntouched, type ScenarioDraft, scenarioOf } from './scenarioDraft.ts';
import { volumeSummary } from './scenarioSummary.ts';
import { TargetPicker } from './TargetPicker.tsx';
import { ThresholdEditor } from './ThresholdEditor.tsx';
import { useStart } from './useStart.ts';

interface Props {
  targets: readonly TargetSummary[];
  scenarios: readonly StoredScenario[];
  limits: Limits;
  /** The run that "run again" repeats. */
  earlier: Run | null;
  /** Nobody has ever run a test here. */
  isFirst: boolean;
  onSaved: () => void;
}

function firstDraft({ scenarios, limits, earlier }: Props): ScenarioDraft | null {
  if (earlier) return draftOf(earlier.scenario, limits, null);
  const first = scenarios[0];
  return first ? draftOf(first.scenario, limits, first) : null;
}

/** Target, scenario, its details, and the button. */
export function SetupForm(props: Props) {
  const { targets, scenarios, limits, earlier, isFirst, onSaved } = props;
  const styles = useStyles2(getStyles);
  const [targetId, setTargetId] = useState(earlier?.target.id ?? targets[0]?.target.id);
  const [draft, setDraft] = useState(() => firstDraft(props));
  const starting = useStart();
  const [failure, setFailure] = useState<ServiceFailure | null>(null);
  const mayTest = includesRole(currentRole(), 'Editor');

  const target = targets.find((one) => one.target.id === targetId) ?? targets[0];
  if (!target) {
    return (
      <EmptyState variant="not-found" message="The service knows no targets">
        Start the service with an embedded demo cluster, or allow a target in its settings.
      </EmptyState>
    );
  }
  if (!draft) return <EmptyState variant="not-found" message="The service knows no scenarios" />;

  const problems = draftProblems(draft, limits);
  const scenario = scenarioOf(draft);
  const untouched = isUntouched(draft);
  const start = () =>
    starting.start(
      draft.origin && untouched
        ? { targetId: target.target.id, scenarioId: draft.origin.id }
        : { targetId: target.target.id, scenario }
    );
  const show = (entry: StoredScenario | null) => {
    setFailure(null);
    const shown = entry ?? scenarios.find(({ builtIn }) => builtIn);
    if (shown) setDraft(draftOf(shown.scenario, limits, shown));
    onSaved();
  };
  const isBusy = target.activeRunId !== null;
  const canStart = mayTest && problems.length === 0 && !isBusy;
  const busyRun = starting.failure?.problem?.runId;
  return (
    <>
      {isFirst && (
        <FirstTest
          targetName={target.target.name}
          scenarioName={scenario.name}
          canStart={canStart}
          isStarting={starting.isStarting}
          onStart={start}
        />
      )}
      {!mayTest && (
        <Alert severity="info" title="You can look at everything here; starting a test needs the Editor role" />
      )}
      {starting.failure && <FailureNotice failure={starting.failure} onDismiss={starting.dismiss} />}
      {busyRun && (
        <LinkButton variant="secondary" icon="eye" href={pagePaths.loadTest({ run: busyRun })}>
          Watch the running test
        </LinkButton>
      )}
      <div className={styles.bar}>
        <TargetPicker targets={targets} selected={target} onSelect={setTargetId} />
        {mayTest && (
          <div className={styles.start}>
            <span className={cx(styles.volume, problems.length > 0 && styles.wrong)}>
              {problems.length > 0
                ? `${problems.length === 1 ? 'One field needs' : `${problems.length} fields need`} another value.`
                : isBusy
                  ? 'A test is running on this target.'
                  : volumeSummary(scenario)}
            </span>
            <Button
              icon="play"
              variant={isFirst ? 'secondary' : 'primary'}
              disabled={!canStart || starting.isStarting}
              onClick={start}
            >
              {starting.isStarting ? 'Starting …' : 'Start test'}
            </Button>
          </div>
        )}
      </div>
      <ScenarioCards
        scenarios={scenarios}
        selectedId={draft.origin?.id ?? null}
        onSelect={(entry) => setDraft(draftOf(entry.scenario, limits, entry))}
        aside={mayTest && <ImportScenario onSaved={show} onFailure={setFailure} />}
      />
      {failure && <FailureNotice failure={failure} onDismiss={() => setFailure(null)} />}
      <fieldset className={styles.details} disabled={!mayTest}>
        <legend className={styles.legend}>
          <span>
            {draft.origin ? `${scenario.name}${untouched ? '' : ', changed'}` : `As in the run of ${scenario.name}`}
          </span>
          <ScenarioActions
            origin={draft.origin}
            scenario={scenario}
            isChanged={!untouched}
            isValid={problems.length === 0}
            mayWrite={mayTest}
            onSaved={show}
            onFailure={setFailure}
          />
        </legend>
        <div className={styles.columns}>
          <div className={styles.column}>
            <LoadEditor draft={draft} limits={limits} problems={problems} onChange={setDraft} />
            <ConnectionEditor
              connections={scenario.connections}
              model={draft.model}
              limits={limits}
              problems={problems}
              onChange={(connections) => setDraft({ ...draft, scenario: { ...draft.scenario, connections } })}
            />
          </div>
          <div className={styles.column}>
            {scenario.faults && scenario.faults.length > 0 && <PlannedFaults faults={scenario.faults} />}
            {scenario.breakingPoint ? (
              <BreakingPointEditor
                settings={scenario.breakingPoint}
                problems={problems}
                onChange={(breakingPoint) => setDraft({ ...draft, scenario: { ...draft.scenario, breakingPoint } })}
              />
            ) : (
              <ThresholdEditor
                thresholds={scenario.thresholds}
                problems={problems}
                onChange={(thresholds) => setDraft({ ...draft, scenario: { ...draft.scenario, thresholds } })}
              />
            )}
            <RequestEditor
              key={draft.origin?.id ?? 'again'}
              scenario={scenario}
              limits={limits}
              problems={problems}
              onChange={(changed) => setDraft({ ...draft, scenario: changed })}
            />
          </div>
        </div>
      </fieldset>
      {problems.length > 0 && (
        <Alert severity="error" title="The scenario cannot be started like this" style={{ marginTop: 16 }}>
          <ul className={styles.problems}>
            {problems.map(({ path, message }) => (
              <li key={path + message}>
                <strong>{fieldName(path)}</strong>: {message}
              </li>
            ))}
          </ul>
        </Alert>
      )}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(1, 3),
    padding: theme.spacing(1.25, 1.5),
    marginBottom: theme.spacing(2),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
  start: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1.5), marginLeft: 'auto' }),
  volume: css({ color: theme.colors.text.secondary, fontVariantNumeric: 'tabular-nums' }),
  wrong: css({ color: theme.colors.error.text }),
  problems: css({ margin: 0, paddingLeft: theme.spacing(2) }),
  details: css({ margin: theme.spacing(2, 0, 0), padding: 0, border: 0, minWidth: 0 }),
  legend: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    minHeight: theme.spacing(4),
    margin: 0,
    padding: theme.spacing(0, 0, 0.5),
    border: 0,
    ...theme.typography.h5,
  }),
  columns: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 430px), 1fr))',
    alignItems: 'start',
    gap: theme.spacing(1),
  }),
  column: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), minWidth: 0 }),
});
