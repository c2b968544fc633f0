import type { TimelinePoint } from '@evenkeel/contract/report';
import type { Phase } from '@evenkeel/contract/sample';
import type { Mark } from '@evenkeel/contract/stream';
import { type FaultSpan, faultSpans } from './faultSpans.ts';

export type SeriesStyle =
  | 'line'
  /** A line with the area below it filled. */
  | 'area'
  /** A thin dashed line: what was wanted, beside what was. */
  | 'dashed'
  /** A line in the background. */
  | 'faint'
  /** Not drawn itself: upper and lower edge of a filled band; the upper one comes first. */
  | 'band-high'
  | 'band-low';

export interface ChartSeries {
  /** As the legend says it; '' for a series that the legend leaves out. */
  readonly label: string;
  /** A colour of Grafana's palette. */
  readonly color: string;
  readonly style: SeriesStyle;
  readonly values: readonly (number | null)[];
}

/** A stretch of the time axis in one phase. */
export interface PhaseSpan {
  readonly phase: Phase;
  readonly from: number;
  readonly to: number;
}

/** What all charts of a run share: the seconds, how far the axis reaches, phases and marks. */
export interface TimeAxis {
  readonly seconds: readonly number[];
  readonly end: number;
  readonly phases: readonly PhaseSpan[];
  readonly marks: readonly Mark[];
  readonly faults: readonly FaultSpan[];
}

/** Runs up to this long are drawn on their whole planned axis from the start; longer ones grow. */
const WHOLE_AXIS_SECONDS = 180;
const SHORTEST_AXIS_SECONDS = 60;

export function phaseSpans(timeline: readonly TimelinePoint[]): PhaseSpan[] {
  const spans: PhaseSpan[] = [];
  for (const { phase, second, seconds } of timeline) {
    const last = spans.at(-1);
    if (last?.phase === phase) spans[spans.length - 1] = { ...last, to: second + seconds };
    else spans.push({ phase, from: second, to: second + seconds });
  }
  return spans;
}

/** The common axis of a run's charts; `plannedSeconds` is null when the run is over. */
export function timeAxis(
  timeline: readonly TimelinePoint[],
  marks: readonly Mark[],
  plannedSeconds: number | null
): TimeAxis {
  const last = timeline.at(-1);
  const reached = last ? last.second + last.seconds - 1 : 0;
  const growing = Math.max(SHORTEST_AXIS_SECONDS, Math.ceil(reached * 1.05));
  const end =
    plannedSeconds === null
      ? Math.max(1, reached)
      : Math.max(reached, plannedSeconds <= WHOLE_AXIS_SECONDS ? plannedSeconds : Math.min(growing, plannedSeconds));
  return {
    seconds: timeline.map((point) => point.second),
    end,
    phases: phaseSpans(timeline),
    marks,
    faults: faultSpans(marks),
  };
}
