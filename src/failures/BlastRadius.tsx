import { css } from '@emotion/css';
import type { FaultPreview } from '@evenkeel/contract/fault';
import { includesRole } from '@evenkeel/contract/role';
import { effectText, podsText } from '@evenkeel/core/faults/faultText';
import { durationText } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import { Badge, Button, ConfirmModal, useStyles2 } from '@grafana/ui';
import { useState } from 'react';
import { currentRole } from '../app/currentRole.ts';
import { Panel } from '../components/Panel.tsx';

interface Props {
  /** null while the form is not complete. */
  preview: FaultPreview | null;
  isStarting: boolean;
  onRedraw: () => void;
  onConfirm: (preview: FaultPreview) => void;
}

/** What would be hit, and how it ends: to be read before anything is broken. */
export function BlastRadius({ preview, isStarting, onRedraw, onConfirm }: Props) {
  const styles = useStyles2(getStyles);
  const [isAsking, setIsAsking] = useState(false);
  const mayInject = includesRole(currentRole(), 'Admin');
  if (preview === null) {
    return (
      <Panel title="Blast radius">
        <p className={styles.quiet}>
          {includesRole(currentRole(), 'Editor')
            ? 'Complete the fault above to see which pods it would hit. Nothing is touched yet.'
            : 'To see what a fault would hit needs the Editor role, to inject one the Admin role.'}
        </p>
      </Panel>
    );
  }
  const { pods, healthyPods, remainingPods, capacityPercent, forSeconds, effect, refusals, warnings, stops } = preview;
  const isDrawn = preview.scope.pod === undefined && preview.scope.label === undefined;
  return (
    <Panel
      title="Blast radius"
      aside={
        isDrawn && (
          <Button size="sm" variant="secondary" fill="text" icon="sync" onClick={onRedraw}>
            Draw other pods
          </Button>
        )
      }
    >
      <div className={styles.columns}>
        <div>
          <p className={styles.headline}>
            {effectText(effect)} for {durationText(forSeconds)}
          </p>
          <div className={styles.pods}>
            {pods.length === 0 ? (
              <span className={styles.quiet}>no pod</span>
            ) : (
              pods.map((pod) => <Badge key={pod} color="orange" text={pod} />)
            )}
          </div>
          <p className={styles.quiet}>
            {Math.round(capacityPercent)} % of the healthy capacity; {remainingPods} of {healthyPods} healthy pods stay
            untouched.
          </p>
          {[...refusals, ...warnings].map((sentence) => (
            <p key={sentence} className={styles.refusal} role="alert">
              {sentence}
            </p>
          ))}
        </div>
        <ul className={styles.stops} aria-label="What ends it">
          {stops.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </div>
      <div>
        <Button
          variant="destructive"
          icon="bolt"
          disabled={!preview.allowed || !mayInject || isStarting}
          onClick={() => setIsAsking(true)}
        >
          {isStarting ? 'Injecting …' : 'Inject'}
        </Button>
        {!mayInject && <span className={styles.beside}>Injecting a fault needs the Admin role.</span>}
      </div>
      <ConfirmModal
        isOpen={isAsking}
        title="Inject this fault"
        body={`${effectText(effect)} on ${podsText(pods)}, for ${durationText(forSeconds)}. ${Math.round(capacityPercent)} % of the healthy capacity is hit.`}
        confirmText="Inject"
        onConfirm={() => {
          setIsAsking(false);
          onConfirm(preview);
        }}
        onDismiss={() => setIsAsking(false)}
      />
    </Panel>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  columns: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 320px), 1fr))',
    gap: theme.spacing(1, 3),
    marginBottom: theme.spacing(1),
  }),
  headline: css({ margin: 0, ...theme.typography.h5, '&::first-letter': { textTransform: 'uppercase' } }),
  pods: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5), margin: theme.spacing(1, 0) }),
  quiet: css({
    color: theme.colors.text.secondary,
    fontVariantNumeric: 'tabular-nums',
    margin: 0,
  }),
  refusal: css({ color: theme.colors.error.text, margin: theme.spacing(0.5, 0, 0) }),
  stops: css({
    margin: 0,
    paddingLeft: theme.spacing(2),
    ...theme.typography.bodySmall,
    color: theme.colors.text.secondary,
    textWrap: 'pretty',
  }),
  beside: css({ marginLeft: theme.spacing(1), color: theme.colors.text.secondary }),
});
