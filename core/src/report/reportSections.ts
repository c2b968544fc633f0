import type { Drift } from '@evenkeel/contract/drift';
import type { Ending } from '@evenkeel/contract/ending';
import { endingText } from '@evenkeel/contract/endingText';
import type { FaultReport, FaultWindow } from '@evenkeel/contract/faultReport';
import { MAX_LISTED_ENDINGS } from '@evenkeel/contract/limits';
import { profileSeconds } from '@evenkeel/contract/profileSeconds';
import type { Report } from '@evenkeel/contract/report';
import type { Scenario, Stage } from '@evenkeel/contract/scenario';
import { scalabilityText } from '../scenarios/scalabilityText.ts';
import { searchRange } from '../scenarios/searchRange.ts';
import {
  bytesText,
  countText,
  latencyText,
  percentText,
  rateText,
  ratioText,
  scoreText,
  shareText,
} from '../text/figures.ts';
import { observedText, thresholdOutcomeText, thresholdText } from '../text/thresholdText.ts';

/** The parts of a report as plain rows of text, so that every format says the same thing. */

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** `1,000/s for 30 s`, `100/s to 500/s over 10 s`. */
export const describeStage = ({ from, to, durationSeconds }: Stage): string =>
  from === to
    ? `${rateText(to)} for ${durationSeconds} s`
    : `${rateText(from)} to ${rateText(to)} over ${durationSeconds} s`;

/** `1,000/s for 30 s`, `50 users, 10/s spawned, for 60 s`. */
export function describeLoad({ load, breakingPoint }: Scenario): string {
  if (load.model === 'users') {
    return `${load.users} users, ${load.spawnRate} started per second, for ${load.durationSeconds} s`;
  }
  if (breakingPoint) {
    const { startRate, maxRate } = searchRange(load.stages);
    const range = `from ${rateText(startRate)} to ${rateText(maxRate)}`;
    return `searches the breaking point ${range} in steps of ${breakingPoint.stepSeconds} s, for at most ${profileSeconds(load)} s`;
  }
  const parts = load.stages.map(describeStage);
  return parts.length > 6 ? `${parts.slice(0, 6).join(', ')}, … (${parts.length} stages)` : parts.join(', ');
}

/** The connection policy in words: no score can be read without it. */
export function describeConnections(scenario: Scenario): string {
  const { policy, count, protocol, streams, maxRequests, maxAgeSeconds } = scenario.connections;
  const base =
    policy === 'per-request'
      ? `a new connection for every request, at most ${count} at once`
      : policy === 'per-user'
        ? 'one connection per user'
        : `${count} connections in turn`;
  const reuse = maxRequests === null ? '' : `, replaced after ${countText(maxRequests)} requests`;
  const age = maxAgeSeconds === null ? '' : `, replaced after ${maxAgeSeconds} s`;
  const http2 = protocol === 'http/2' ? `, HTTP/2 with ${countText(streams)} at once over each` : '';
  return base + http2 + reuse + age;
}

export function summaryTable(report: Report): Table {
  const { run, totals, response, seconds } = report;
  const duration = seconds.measured + seconds.warming + seconds.draining;
  return {
    title: 'Summary',
    head: ['what', 'value'],
    rows: [
      ['run', run.id],
      ['state', run.state],
      ['target', `${run.target.name} at ${run.target.url} (${run.target.balancer})`],
      ['scenario', `${run.scenario.name}: ${describeLoad(run.scenario)}`],
      ['connections', describeConnections(run.scenario)],
      [
        'time',
        `${duration} s: ${seconds.warming} s warm-up, ${seconds.measured} s measured, ${seconds.draining} s drain`,
      ],
      ['rate', `${rateText(report.achievedRate)} completed of ${rateText(report.offeredRate)} offered`],
      [
        'requests',
        `${countText(totals.completed)} completed, ${countText(totals.dropped)} dropped, ${countText(totals.cancelled)} cancelled${warmupInWords(totals.warmupCompleted)}`,
      ],
      ['errors', `${percentText(report.errorRatePercent)}${outcomesInWords(report)}`],
      [
        'latency',
        `p50 ${latencyText(response.p50)}, p95 ${latencyText(response.p95)}, p99 ${latencyText(response.p99)}, max ${latencyText(response.max)}`,
      ],
      ['generator', generatorInWords(report)],
    ],
  };
}

/** So that the figures add up to what the target saw. */
const warmupInWords = (completed: number): string =>
  completed === 0 ? '' : `; ${countText(completed)} more in the warm-up, which do not count`;

function outcomesInWords(report: Report): string {
  const parts = Object.entries(report.outcomes)
    .filter(([outcome, count]) => outcome !== 'ok' && count > 0)
    .map(([outcome, count]) => `${countText(count)} ${outcome}`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** By status code and kind of failure; when all went well there is nothing to break down. */
export function endingTable({ endings, totals }: Report): Table | null {
  if (endings.every(({ outcome, status }) => outcome === 'ok' && status === 200)) return null;
  const rest = endings.slice(MAX_LISTED_ENDINGS);
  const share = (count: number) => [countText(count), percentText((100 * count) / Math.max(1, totals.completed))];
  return {
    title: 'How requests ended',
    head: ['ending', 'requests', 'share', 'counts as', 'for example'],
    rows: [
      ...endings
        .slice(0, MAX_LISTED_ENDINGS)
        .map((one) => [endingText(one), ...share(one.count), one.outcome, exampleInWords(one)]),
      ...(rest.length > 0
        ? [[`${rest.length} more`, ...share(rest.reduce((sum, { count }) => sum + count, 0)), '–', '–']]
        : []),
    ],
  };
}

function exampleInWords({ example }: Ending): string {
  if (example === null) return '–';
  const pod = example.pod === null ? '' : `${example.pod} at `;
  return example.address === null ? example.text : `${example.text} (${pod}${example.address})`;
}

/** Where connections went, when there was more than one way or one of them failed. */
export function addressTable({ addresses }: Report): Table | null {
  if (addresses.length < 2) return null;
  return {
    title: 'Addresses of the target',
    head: ['address', 'answered', 'unanswered'],
    rows: addresses.map(({ address, answered, unanswered }) => [address, countText(answered), countText(unanswered)]),
  };
}

/** Errors beside a verdict that is about the balance alone; empty when there were none. */
export const errorsBesideVerdict = ({ errorRatePercent }: Pick<Report, 'errorRatePercent'>): string =>
  errorRatePercent > 0 ? `errors ${percentText(errorRatePercent)}` : '';

function generatorInWords(report: Report): string {
  const { strained, saturated, measured } = report.seconds;
  const lateness = `lateness p99 ${latencyText(report.lateness.p99)}`;
  if (strained + saturated === 0) return `ok, ${lateness}`;
  return `strained in ${strained} and saturated in ${saturated} of ${measured} s, ${lateness}`;
}

export function latencyTable(report: Report): Table {
  const row = (name: string, summary: Report['response']) => [
    name,
    countText(summary.count),
    latencyText(summary.mean),
    latencyText(summary.p50),
    latencyText(summary.p90),
    latencyText(summary.p95),
    latencyText(summary.p99),
    latencyText(summary.p999),
    latencyText(summary.max),
  ];
  return {
    title: 'Latency',
    head: ['counted from', 'count', 'mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max'],
    rows: [
      row('intended send time (response)', report.response),
      row('actual send time (service)', report.service),
      row('intended to actual (lateness)', report.lateness),
    ],
  };
}

export function podTable(report: Report): Table {
  const balanceOf = new Map(report.balance.perPod.map((pod) => [pod.pod, pod]));
  return {
    title: 'Pods',
    head: [
      'pod',
      'requests',
      'share',
      'of expected',
      'errors',
      'mean',
      'p95',
      'p99',
      'work',
      'CPU',
      'memory',
      'ready',
      'restarts',
    ],
    rows: report.pods.map((pod) => {
      const balance = balanceOf.get(pod.pod);
      return [
        pod.pod,
        requestsInWords(pod.requests, balance?.requests ?? pod.requests),
        shareText(balance?.share ?? 0),
        `${ratioText(balance?.ratio ?? null)}${balance?.significant ? ' !' : ''}`,
        countText(pod.errors),
        latencyText(pod.response.mean),
        latencyText(pod.response.p95),
        latencyText(pod.response.p99),
        `${pod.workSeconds.toFixed(1)} s`,
        pod.cpuCores === null ? '–' : pod.cpuCores.toFixed(2),
        bytesText(pod.memoryBytes),
        pod.readyAtEnd ? 'yes' : 'no',
        String(pod.restarts),
      ];
    }),
  };
}

/** What the balance leaves out (seconds of a saturated generator, pods in their grace) is in the count and not in the share. */
const requestsInWords = (all: number, judged: number): string =>
  all === judged ? countText(all) : `${countText(all)} (${countText(judged)} judged)`;

export function measuresTable(report: Report): Table | null {
  const { cause, measures, cv, correctedCv, noiseFloorCv, effectiveDecisions, work } = report.balance;
  if (measures === null || cv === null) return null;
  const figure = (value: number) => value.toPrecision(3);
  const rows = [
    ['coefficient of variation', figure(cv), 'spread of requests over pods, 0 is even'],
    ['noise floor', figure(noiseFloorCv ?? 0), 'CV that pure chance gives at this number of requests'],
    ['corrected CV', figure(correctedCv ?? 0), 'what is left when chance is taken off; the score is 100 × (1 − this)'],
    ['max over mean', figure(measures.maxOverMean), 'load of the busiest pod: what capacity must be planned for'],
    ['min over mean', figure(measures.minOverMean), 'load of the idlest pod'],
    ['Jain index', measures.jain.toPrecision(5), '1 is even; forgiving: 0.9975 is a CV of 5 %'],
    ['Gini coefficient', figure(measures.gini), '0 is even'],
    [
      'total variation',
      `${(measures.totalVariation * 100).toPrecision(3)} %`,
      'share of requests that would have to move',
    ],
    [
      'chi-square',
      `${figure(measures.chiSquare)}, p = ${figure(measures.chiSquareP)}`,
      'a small p is more than chance',
    ],
  ];
  if (cause === 'pinned-connections' && effectiveDecisions !== null) {
    rows.push(['routing decisions', countText(effectiveDecisions), 'independent choices behind the requests']);
  }
  if (work !== null)
    rows.push(['work balance', `${scoreText(work.scorePercent)} (CV ${figure(work.cv)})`, work.sentence]);
  return { title: 'Balance measures', head: ['measure', 'value', 'meaning'], rows };
}

export function thresholdTable(report: Report): Table | null {
  if (report.thresholds.length === 0) return null;
  return {
    title: 'Thresholds',
    head: ['threshold', 'measured', 'result'],
    rows: report.thresholds.map((result) => [
      thresholdText(result.threshold),
      observedText(result),
      thresholdOutcomeText(result) + (result.breachedAtSecond === null ? '' : ` at ${result.breachedAtSecond} s`),
    ]),
  };
}

/** What the scenario asked beyond the balance, each answer in a sentence. */
export function findings(report: Report): string[] {
  const { breakingPoint, drift, recovery } = report;
  return [
    ...(breakingPoint ? [breakingPoint.sentence, breakingPoint.knee.sentence, breakingPoint.scalability.sentence] : []),
    ...(breakingPoint ? [scalabilityText(breakingPoint.scalability)].filter((text) => text !== null) : []),
    ...(recovery ? [recovery.sentence] : []),
    ...(drift ? driftSentences(drift) : []),
  ];
}

/** Every series that drifts; when none does, that. */
function driftSentences({ findings: all, sentence }: Drift): string[] {
  const drifting = all.filter(({ direction }) => direction !== 'none');
  return drifting.length === 0 ? [sentence] : drifting.map((one) => one.sentence);
}

export function stepTable({ breakingPoint }: Report): Table | null {
  if (!breakingPoint) return null;
  return {
    title: 'Search of the breaking point',
    head: ['step', 'offered', 'answered well', 'p95', 'p99', 'errors', 'balance', 'result', 'why'],
    rows: breakingPoint.steps.map((step) => [
      `${step.number} ${step.purpose}${step.repeated ? ', repeated' : ''}`,
      rateText(step.offeredRate),
      rateText(step.goodRate),
      latencyText(step.p95Ms),
      latencyText(step.p99Ms),
      percentText(step.errorRatePercent),
      scoreText(step.balance.scorePercent),
      step.verdict,
      step.reasons.join('; '),
    ]),
  };
}

export function faultTable({ faults }: Report): Table | null {
  if (!faults || faults.length === 0) return null;
  const around = (fault: FaultReport, figure: (window: FaultWindow) => string) =>
    [fault.before, fault.during, fault.after].map((window) => (window ? figure(window) : '–')).join(' → ');
  return {
    title: 'Faults (before → during → after)',
    head: ['fault', 'pods', 'time', 'score', 'p99', 'errors', 'recovered in', 'what it did'],
    rows: faults.map((fault) => [
      fault.effect.type,
      fault.pods.join(', '),
      `${fault.fromSecond.toFixed(1)} s to ${fault.untilSecond === null ? 'after the end' : `${fault.untilSecond.toFixed(1)} s`}`,
      around(fault, (window) => scoreText(window.scorePercent)),
      around(fault, (window) => latencyText(window.p99Ms)),
      around(fault, (window) => (window.errorRatePercent === null ? '–' : percentText(window.errorRatePercent))),
      fault.recoverySeconds === null ? '–' : `${fault.recoverySeconds.toFixed(1)} s`,
      fault.sentence,
    ]),
  };
}
