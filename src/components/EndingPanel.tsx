import { css, cx } from '@emotion/css';
import type { Ending } from '@evenkeel/contract/ending';
import { endingText } from '@evenkeel/contract/endingText';
import { MAX_LISTED_ENDINGS } from '@evenkeel/contract/limits';
import type { Report } from '@evenkeel/contract/report';
import { countText, NONE, percentText } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { getFigureTableStyles } from './figureTable.ts';
import { Panel } from './Panel.tsx';
import { ScrollFrame } from './ScrollFrame.tsx';

/** Whether a run has more to tell than plain successes from one address. */
export const hasEndingsToTell = ({ endings, addresses }: Report): boolean =>
  addresses.length > 1 || endings.some(({ outcome, status }) => outcome !== 'ok' || status !== 200);

/** How the requests of a run ended, by status code and kind of failure, with an example of each; and what came of each address. */
export function EndingPanel({ report: { endings, addresses, totals } }: { report: Report }) {
  const styles = useStyles2(getFigureTableStyles);
  const own = useStyles2(getStyles);
  const rest = endings.slice(MAX_LISTED_ENDINGS);
  return (
    <Panel title="How requests ended">
      <ScrollFrame aria-label="How requests ended">
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Ending</th>
              <th scope="col">Requests</th>
              <th scope="col">Share</th>
              <th scope="col">Counts as</th>
              <th scope="col">For example</th>
            </tr>
          </thead>
          <tbody>
            {endings.slice(0, MAX_LISTED_ENDINGS).map((ending) => (
              <tr key={`${ending.status ?? ending.failure} ${ending.outcome}`}>
                <th scope="row" className={styles.words}>
                  {startingWithCapital(endingText(ending))}
                </th>
                <td>{countText(ending.count)}</td>
                <td>{percentText((100 * ending.count) / Math.max(1, totals.completed))}</td>
                <td>{ending.outcome === 'ok' ? 'success' : `error (${ending.outcome})`}</td>
                <td className={styles.words}>
                  <ExampleText example={ending.example} />
                </td>
              </tr>
            ))}
            {rest.length > 0 && (
              <tr>
                <th scope="row">{rest.length} more</th>
                <td>{countText(rest.reduce((sum, { count }) => sum + count, 0))}</td>
                <td colSpan={3} />
              </tr>
            )}
          </tbody>
        </table>
      </ScrollFrame>
      {addresses.length > 1 && (
        <ScrollFrame aria-label="Addresses of the target">
          <table className={cx(styles.table, own.second)}>
            <thead>
              <tr>
                <th scope="col">Address of the target</th>
                <th scope="col">Answered</th>
                <th scope="col">Unanswered</th>
              </tr>
            </thead>
            <tbody>
              {addresses.map(({ address, answered, unanswered }) => (
                <tr key={address}>
                  <th scope="row">{address}</th>
                  <td>{countText(answered)}</td>
                  <td>{countText(unanswered)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollFrame>
      )}
    </Panel>
  );
}

const startingWithCapital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function ExampleText({ example }: Pick<Ending, 'example'>) {
  const styles = useStyles2(getFigureTableStyles);
  if (example === null) return NONE;
  const from = [example.pod, example.address].filter((part) => part !== null).join(' at ');
  return (
    <>
      <code>{example.text}</code> {from !== '' && <span className={styles.quiet}>{from}</span>}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  second: css({ marginTop: theme.spacing(2) }),
});
