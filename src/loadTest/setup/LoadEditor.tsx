import type { Limits } from '@evenkeel/contract/limits';
import type { LoadModel } from '@evenkeel/contract/scenario';
import { Field, RadioButtonGroup, Slider } from '@grafana/ui';
import { Panel } from '../../components/Panel.tsx';
import { LoadCurvePicture } from './LoadCurvePicture.tsx';
import { StageEditor } from './StageEditor.tsx';
import { type DraftProblem, type ScenarioDraft, scenarioOf, withModel } from './scenarioDraft.ts';

interface Props {
  draft: ScenarioDraft;
  limits: Limits;
  problems: readonly DraftProblem[];
  onChange: (draft: ScenarioDraft) => void;
}

const MODELS: { value: LoadModel['model']; label: string; description: string }[] = [
  { value: 'rate', label: 'Request rate', description: 'Requests start on schedule, however slow the answers are' },
  { value: 'users', label: 'Users', description: 'Each user waits for an answer before the next request' },
];

/** How much load, and when. */
export function LoadEditor({ draft, limits, problems, onChange }: Props) {
  const { users } = draft;
  const setUsers = (change: Partial<typeof users>) => onChange({ ...draft, users: { ...users, ...change } });
  const sliders = [
    { key: 'users', label: 'Users', range: limits.users, step: 1 },
    { key: 'spawnRate', label: 'Users started per second', range: limits.spawnRate, step: 1 },
    { key: 'durationSeconds', label: 'Duration in seconds', range: limits.durationSeconds, step: 5 },
  ] as const;
  return (
    <Panel
      title="Load"
      aside={
        <RadioButtonGroup
          size="sm"
          aria-label="Load model"
          options={MODELS}
          value={draft.model}
          onChange={(model) => onChange(withModel(draft, model))}
        />
      }
    >
      <LoadCurvePicture scenario={scenarioOf(draft)} height={112} labelled />
      <div style={{ marginTop: 16 }}>
        {draft.model === 'users' ? (
          sliders.map(({ key, label, range, step }) => (
            <Field key={key} label={label} htmlFor={`load-${key}`}>
              <Slider
                inputId={`load-${key}`}
                ariaLabelForHandle={label}
                min={range.min}
                max={range.max}
                step={step}
                value={users[key]}
                onChange={(value) => setUsers({ [key]: value })}
              />
            </Field>
          ))
        ) : (
          <StageEditor
            stages={draft.rate.stages}
            limits={limits}
            problems={problems}
            onChange={(stages) => onChange({ ...draft, rate: { ...draft.rate, stages } })}
          />
        )}
      </div>
    </Panel>
  );
}
