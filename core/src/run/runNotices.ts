import type { Report } from '@evenkeel/contract/report';
import type { Run } from '@evenkeel/contract/run';

/** Offered rate that was not sent, as a share, past which the report says so. */
const NOTABLE_SHORTFALL = 0.02;

/** Failed requests, in percent, past which a run that does not judge them says so. */
const NOTABLE_ERRORS_PERCENT = 1;

/** What a reader should know before trusting the figures, each in a sentence. */
export function runNotices(
  figures: Pick<Report, 'totals' | 'seconds' | 'offeredRate' | 'achievedRate' | 'errorRatePercent'>,
  run: Run,
  directoryComplete: boolean,
  /** The load was cut off before its drain was over. */
  wasAborted: boolean
): string[] {
  const { totals } = figures;
  const notices: string[] = [];
  if (!directoryComplete) {
    notices.push(
      'The target has no list of its pods: a pod that never answered is not known and cannot be missed. Name pods with --pod to count them.'
    );
  }
  if (totals.dropped > 0) {
    const { count, streams } = run.scenario.connections;
    const busy = streams === 1 ? `all ${count} connections` : `all ${streams} streams of all ${count} connections`;
    notices.push(
      `${totals.dropped} requests were not sent because ${busy} were busy: the target is slower than the offered rate needs, or the bound is too low (--connections).`
    );
  }
  const judgesErrors = run.scenario.thresholds.some(({ metric }) => metric === 'errorRate');
  if (figures.errorRatePercent > NOTABLE_ERRORS_PERCENT && !judgesErrors) {
    notices.push(
      'The verdict is about the balance alone, not about the requests that failed: a threshold on the error rate (--error-rate) would fail the run.'
    );
  }
  if (totals.unattributed > 0) {
    const { header, upstreamHeader } = run.target.attribution;
    const headers = [header, upstreamHeader].filter((name) => name !== undefined).join(' and ');
    const remedy = run.target.kind === 'url' ? ' --attribute header:NAME names another header.' : '';
    notices.push(`${totals.unattributed} answers named no pod that is known. Looked for: ${headers}.${remedy}`);
  }
  if (totals.balancerErrors > 0) {
    notices.push(
      `${totals.balancerErrors} answers came from the balancer itself (502, 503 or 504 without a pod); they are errors, not load on a pod.`
    );
  }
  if (totals.retried > 0) {
    notices.push(
      `The balancer retried ${totals.retried} requests on another pod; the balance counts the pod that was chosen first.`
    );
  }
  if (totals.resent > 0) {
    notices.push(
      `${totals.resent} requests went out once more over a new connection, because the target ended the reused one before any byte of an answer came (an idle connection that it ends just then looks like this) or refused them unprocessed. Each counts once, from the moment it was due.`
    );
  }
  if (totals.cancelled > 0) {
    const when = wasAborted ? 'the run was cut off' : `the drain of ${run.scenario.drainSeconds} s ended`;
    notices.push(
      `${totals.cancelled} requests were still in flight when ${when} and were cancelled; they count neither as ok nor as errors, but in the latencies with the age that they had.`
    );
  }
  const shortfall = figures.offeredRate > 0 ? 1 - figures.achievedRate / figures.offeredRate : 0;
  if (
    run.scenario.load.model === 'rate' &&
    totals.dropped === 0 &&
    totals.cancelled === 0 &&
    shortfall > NOTABLE_SHORTFALL
  ) {
    notices.push(`Only ${(100 * (1 - shortfall)).toFixed(1)} % of the offered requests were completed.`);
  }
  return notices;
}
