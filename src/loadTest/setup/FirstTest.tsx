import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

interface Props {
  targetName: string;
  scenarioName: string;
  canStart: boolean;
  isStarting: boolean;
  onStart: () => void;
}

const STEPS = [
  ['Drive load', 'at a service behind its balancer, on a schedule that slow answers cannot bend.'],
  ['See every pod', 'and its share of the requests, against what pure chance would give.'],
  ['Get a verdict', 'with its interval and, when it is not even, the reason and what to change.'],
];

/** What this page is for, for someone who has never run a test, and the shortest way to the first one. */
export function FirstTest({ targetName, scenarioName, canStart, isStarting, onStart }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <section className={styles.box} aria-labelledby="first-test">
      <div className={styles.words}>
        <h2 id="first-test" className={styles.title}>
          Is the load on your pods even?
        </h2>
        <ol className={styles.steps}>
          {STEPS.map(([lead, rest]) => (
            <li key={lead}>
              <strong>{lead}</strong> {rest}
            </li>
          ))}
        </ol>
      </div>
      {canStart && (
        <div className={styles.action}>
          <Button size="lg" icon="play" disabled={isStarting} onClick={onStart}>
            {isStarting ? 'Starting …' : 'Start your first test'}
          </Button>
          <span className={styles.what}>
            {scenarioName} on {targetName}
          </span>
        </div>
      )}
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(2, 4),
    padding: theme.spacing(2, 2.5),
    marginBottom: theme.spacing(2),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderLeft: `3px solid ${theme.colors.warning.main}`,
    borderRadius: theme.shape.radius.default,
  }),
  words: css({ flex: '1 1 480px', minWidth: 0 }),
  title: css({ ...theme.typography.h4, margin: theme.spacing(0, 0, 1) }),
  steps: css({
    margin: 0,
    paddingLeft: theme.spacing(2.5),
    color: theme.colors.text.secondary,
    strong: { fontWeight: theme.typography.fontWeightMedium, color: theme.colors.text.primary },
  }),
  action: css({ display: 'flex', flexDirection: 'column', alignItems: 'center', gap: theme.spacing(0.75) }),
  what: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
});
