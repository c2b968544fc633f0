import type { PlannedFault } from '@evenkeel/contract/faultPlan';
import { effectOf } from '@evenkeel/core/faults/faultNumbers';
import { effectText } from '@evenkeel/core/faults/faultText';
import { clockText, durationText } from '@evenkeel/core/text/figures';
import { Panel } from '../../components/Panel.tsx';

/** What a scenario breaks while it runs; nobody should start it without having read this. */
export function PlannedFaults({ faults }: { faults: readonly PlannedFault[] }) {
  return (
    <Panel title="Faults during the test">
      <ul style={{ margin: 0, paddingLeft: 16 }}>
        {faults.map((fault) => (
          <li key={JSON.stringify(fault)}>
            {effectText(effectOf(fault))}, from {clockText(fault.atSecond)} for {durationText(fault.forSeconds)}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
