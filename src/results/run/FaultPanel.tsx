import type { FaultReport, FaultWindow } from '@evenkeel/contract/faultReport';
import { effectText, podsText } from '@evenkeel/core/faults/faultText';
import { clockText, latencyText, NONE, percentText, scoreText } from '@evenkeel/core/text/figures';
import { useStyles2 } from '@grafana/ui';
import { getFigureTableStyles } from '../../components/figureTable.ts';
import { Panel } from '../../components/Panel.tsx';
import { ScrollFrame } from '../../components/ScrollFrame.tsx';

type Figure = (window: FaultWindow) => string;

const FIGURES: readonly [string, Figure][] = [
  ['Score', ({ scorePercent }) => scoreText(scorePercent)],
  ['p99', ({ p99Ms }) => latencyText(p99Ms)],
  ['Errors', ({ errorRatePercent }) => percentText(errorRatePercent)],
];

/** Before, during and after, as one cell: `12.0 ms → 260 ms → 12.1 ms`. */
const course = ({ before, during, after }: FaultReport, figure: Figure): string =>
  [before, during, after].map((window) => (window === null ? NONE : figure(window))).join(' → ');

function recoveryText({ untilSecond, recoverySeconds }: FaultReport): string {
  if (untilSecond === null) return 'not over yet';
  return recoverySeconds === null ? 'not seen' : `${recoverySeconds.toFixed(1)} s`;
}

/** What each fault did to the run: before, while it was active, after. */
export function FaultPanel({ faults }: { faults: readonly FaultReport[] }) {
  const styles = useStyles2(getFigureTableStyles);
  return (
    <Panel title="Faults" aside={<span className={styles.quiet}>before → during → after</span>}>
      <ScrollFrame aria-label="Faults of the run">
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Fault</th>
              <th scope="col">Pods</th>
              <th scope="col">When</th>
              {FIGURES.map(([name]) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              <th scope="col">As before after</th>
            </tr>
          </thead>
          <tbody>
            {faults.map((fault) => (
              <tr key={fault.faultId} title={fault.sentence}>
                <th scope="row">{effectText(fault.effect)}</th>
                <td>{podsText(fault.pods)}</td>
                <td>
                  {clockText(fault.fromSecond)}–{fault.untilSecond === null ? '' : clockText(fault.untilSecond)}
                </td>
                {FIGURES.map(([name, figure]) => (
                  <td key={name}>{course(fault, figure)}</td>
                ))}
                <td>{fault.state === 'not-effective' ? 'no effect' : recoveryText(fault)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollFrame>
    </Panel>
  );
}
