import type { Report, TimelinePoint } from '@evenkeel/contract/report';
import type { ChartSeries, TimeAxis } from '../../components/chart/chartSeries.ts';
import type { RunChart } from '../../components/chart/runSeries.ts';

/** Two timelines on one axis: values of one field at every second that either has. */
export interface ComparedChart {
  readonly id: RunChart['id'];
  readonly title: string;
  readonly series: readonly ChartSeries[];
}

type Field = 'scorePercent' | 'completedRate' | 'p95Ms' | 'p99Ms' | 'errorRate' | 'inFlight';

const CHARTS: readonly { id: RunChart['id']; title: string; field: Field }[] = [
  { id: 'score', title: 'Balance score', field: 'scorePercent' },
  { id: 'rate', title: 'Answered requests', field: 'completedRate' },
  { id: 'latency', title: 'p95 latency', field: 'p95Ms' },
  { id: 'latency', title: 'p99 latency', field: 'p99Ms' },
  { id: 'errors', title: 'Errors', field: 'errorRate' },
  { id: 'inFlight', title: 'In flight', field: 'inFlight' },
];

/** The common axis of two runs, both from their own start. */
export function comparedAxis(baseline: Report, candidate: Report): TimeAxis {
  const seconds = new Set<number>();
  let end = 1;
  for (const { timeline } of [baseline, candidate]) {
    for (const point of timeline) {
      seconds.add(point.second);
      end = Math.max(end, point.second + point.seconds - 1);
    }
  }
  return { seconds: [...seconds].sort((a, b) => a - b), end, phases: [], marks: [], faults: [] };
}

function valuesAt(seconds: readonly number[], timeline: readonly TimelinePoint[], field: Field): (number | null)[] {
  const values: (number | null)[] = [];
  let at = 0;
  for (const second of seconds) {
    // A thinned point stands for all the seconds that it covers.
    while (at < timeline.length && timeline[at]!.second + timeline[at]!.seconds <= second) at++;
    const point = timeline[at];
    // The drain sends nothing: it would draw both runs as if they had broken down.
    values.push(point && point.second <= second && point.phase !== 'draining' ? point[field] : null);
  }
  return values;
}

/** Each chart with both runs in it: the candidate in front, the baseline behind. */
export function comparedCharts(baseline: Report, candidate: Report, seconds: readonly number[]): ComparedChart[] {
  return CHARTS.map(({ id, title, field }) => ({
    id,
    title,
    series: [
      { label: 'baseline', color: 'orange', style: 'line', values: valuesAt(seconds, baseline.timeline, field) },
      { label: 'candidate', color: 'blue', style: 'line', values: valuesAt(seconds, candidate.timeline, field) },
    ],
  }));
}
