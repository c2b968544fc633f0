import { css } from '@emotion/css';
import type { PatchRun } from '@evenkeel/contract/api';
import type { Run } from '@evenkeel/contract/run';
import type { GrafanaTheme2 } from '@grafana/data';
import { Badge, Button, Field, TagsInput, TextArea, useStyles2 } from '@grafana/ui';
import { useState } from 'react';
import { FailureNotice } from '../../components/FailureNotice.tsx';
import { patchRun } from '../../service/runCommands.ts';
import { failureOf, type ServiceFailure } from '../../service/serviceFailure.ts';
import { labelsOfTags, labelTags } from './labelsText.ts';

interface Props {
  run: Run;
  canEdit: boolean;
  onChanged: () => void;
}

/** What people wrote about a run: labels, a note, the baseline mark. */
export function RunRecord({ run, canEdit, onChanged }: Props) {
  const styles = useStyles2(getStyles);
  const [isEditing, setIsEditing] = useState(false);
  const [tags, setTags] = useState(() => labelTags(run.labels));
  const [note, setNote] = useState(run.note);
  const [problem, setProblem] = useState<string | null>(null);
  const [failure, setFailure] = useState<ServiceFailure | null>(null);

  const send = (change: PatchRun) =>
    patchRun(run.id, change).then(
      () => {
        setIsEditing(false);
        setFailure(null);
        onChanged();
      },
      (thrown) => setFailure(failureOf(thrown))
    );
  const save = () => {
    const labels = labelsOfTags(tags);
    if (typeof labels === 'string') return setProblem(labels);
    setProblem(null);
    void send({ labels, note });
  };
  const shown = labelTags(run.labels);
  return (
    <section className={styles.record} aria-label="Labels and note">
      {failure && <FailureNotice failure={failure} onDismiss={() => setFailure(null)} />}
      {isEditing ? (
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <Field
            label="Labels"
            description="name=value, with Enter between them"
            htmlFor="run-labels"
            noMargin
            invalid={problem !== null}
            error={problem}
          >
            <TagsInput id="run-labels" tags={tags} onChange={setTags} placeholder="build=142" />
          </Field>
          <Field label="Note" htmlFor="run-note" noMargin>
            <TextArea
              id="run-note"
              rows={2}
              maxLength={2000}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
          </Field>
          <div className={styles.buttons}>
            <Button size="sm" type="submit">
              Save
            </Button>
            <Button size="sm" type="button" variant="secondary" fill="outline" onClick={() => setIsEditing(false)}>
              Cancel
            </Button>
          </div>
        </form>
      ) : (
        <div className={styles.line}>
          {run.baseline && <Badge color="purple" icon="bookmark" text="Baseline" />}
          {shown.map((tag) => (
            <span key={tag} className={styles.label}>
              {tag}
            </span>
          ))}
          {run.note && <span className={styles.note}>{run.note}</span>}
          {canEdit && (
            <>
              <Button
                size="sm"
                variant="secondary"
                fill="text"
                icon="bookmark"
                onClick={() => void send({ baseline: !run.baseline })}
              >
                {run.baseline ? 'No longer the baseline' : 'Make this the baseline'}
              </Button>
              <Button size="sm" variant="secondary" fill="text" icon="pen" onClick={() => setIsEditing(true)}>
                {shown.length > 0 || run.note ? 'Edit labels and note' : 'Add labels or a note'}
              </Button>
            </>
          )}
        </div>
      )}
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  record: css({ marginBottom: theme.spacing(1) }),
  line: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(0.5, 1) }),
  form: css({ display: 'grid', gap: theme.spacing(1), maxWidth: 640 }),
  buttons: css({ display: 'flex', gap: theme.spacing(1) }),
  label: css({
    padding: theme.spacing(0, 0.75),
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    ...theme.typography.bodySmall,
  }),
  note: css({ color: theme.colors.text.secondary, textWrap: 'pretty' }),
});
