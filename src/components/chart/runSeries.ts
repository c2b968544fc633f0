import type { TimelinePoint } from '@evenkeel/contract/report';
import type { ChartSeries } from './chartSeries.ts';

/** The series of one chart over a run's timeline. */
export interface RunChart {
  readonly id: 'rate' | 'latency' | 'errors' | 'score' | 'inFlight';
  readonly title: string;
  readonly series: readonly ChartSeries[];
}

const column = <K extends keyof TimelinePoint>(timeline: readonly TimelinePoint[], key: K): TimelinePoint[K][] =>
  timeline.map((point) => point[key]);

/** What a run looks like over time, in the order in which a person asks: is it even, how much, how slow, what breaks. */
export function runCharts(timeline: readonly TimelinePoint[]): RunChart[] {
  const hasUsers = timeline.some((point) => point.users !== null);
  const hasDropped = timeline.some((point) => point.dropped > 0);
  const dropped: ChartSeries = {
    label: 'dropped',
    color: 'orange',
    style: 'line',
    values: timeline.map((point) => point.dropped / point.seconds),
  };
  return [
    {
      id: 'score',
      title: 'Balance score',
      series: [
        { label: 'score', color: 'green', style: 'line', values: column(timeline, 'scorePercent') },
        { label: '', color: 'green', style: 'band-high', values: column(timeline, 'highPercent') },
        { label: '', color: 'green', style: 'band-low', values: column(timeline, 'lowPercent') },
      ],
    },
    {
      id: 'rate',
      title: 'Requests',
      series: [
        { label: 'completed', color: 'blue', style: 'area', values: column(timeline, 'completedRate') },
        { label: 'wanted', color: 'text', style: 'dashed', values: column(timeline, 'offeredRate') },
      ],
    },
    {
      id: 'latency',
      title: 'Latency',
      series: [
        { label: 'p99', color: 'purple', style: 'line', values: column(timeline, 'p99Ms') },
        { label: 'p95', color: 'blue', style: 'line', values: column(timeline, 'p95Ms') },
        { label: 'p50', color: 'green', style: 'line', values: column(timeline, 'p50Ms') },
      ],
    },
    {
      id: 'errors',
      title: 'Errors',
      series: [
        { label: 'errors', color: 'red', style: 'area', values: column(timeline, 'errorRate') },
        ...(hasDropped ? [dropped] : []),
      ],
    },
    {
      id: 'inFlight',
      title: 'In flight',
      series: [
        { label: 'in flight', color: 'orange', style: 'area', values: column(timeline, 'inFlight') },
        ...(hasUsers
          ? [{ label: 'users', color: 'text', style: 'dashed' as const, values: column(timeline, 'users') }]
          : []),
      ],
    },
  ];
}
