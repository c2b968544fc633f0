import type { PodComparison } from '@evenkeel/contract/comparison';
import { NONE, shareText } from '@evenkeel/core/text/figures';
import { Badge, Pagination, useStyles2 } from '@grafana/ui';
import { useState } from 'react';
import { getFigureTableStyles } from '../../components/figureTable.ts';
import { Panel } from '../../components/Panel.tsx';
import { ScrollFrame } from '../../components/ScrollFrame.tsx';

const PAGE = 20;

function deltaOf({ delta }: PodComparison): string {
  if (delta === null) return NONE;
  if (delta === 0) return '±0 points';
  // A difference of shares is in points; "%" would read as a relative change.
  return `${delta > 0 ? '+' : '−'}${shareText(Math.abs(delta)).replace('%', 'points')}`;
}

/** Every pod's share in both runs; those that really changed come first. */
export function ComparedPods({ pods }: { pods: readonly PodComparison[] }) {
  const styles = useStyles2(getFigureTableStyles);
  const [page, setPage] = useState(1);
  const sorted = [...pods].sort(
    (a, b) => Number(b.significant) - Number(a.significant) || Math.abs(b.delta ?? 0) - Math.abs(a.delta ?? 0)
  );
  const pages = Math.max(1, Math.ceil(sorted.length / PAGE));
  return (
    <Panel
      title="Shares of the pods"
      aside={<Pagination currentPage={page} numberOfPages={pages} onNavigate={setPage} hideWhenSinglePage />}
    >
      <ScrollFrame aria-label="Shares of the pods">
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Pod</th>
              <th scope="col">Baseline</th>
              <th scope="col">Candidate</th>
              <th scope="col">Difference</th>
              <th scope="col">Change</th>
            </tr>
          </thead>
          <tbody>
            {sorted.slice((page - 1) * PAGE, page * PAGE).map((pod) => (
              <tr key={pod.pod}>
                <th scope="row">{pod.pod}</th>
                <td>{shareText(pod.baselineShare)}</td>
                <td>{shareText(pod.candidateShare)}</td>
                <td className={pod.significant ? undefined : styles.quiet}>{deltaOf(pod)}</td>
                <td>
                  {pod.baselineShare === null || pod.candidateShare === null ? (
                    <Badge color="orange" text={pod.baselineShare === null ? 'New' : 'Gone'} />
                  ) : pod.significant ? (
                    <Badge color="blue" text="Changed" />
                  ) : (
                    <span className={styles.quiet}>no evidence of a change</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollFrame>
    </Panel>
  );
}
