import type { TimelinePoint } from '@evenkeel/contract/report';
import type { Sample } from '@evenkeel/contract/sample';
import { timelinePointOf } from '@evenkeel/contract/timeline';

/** Past this, neighbours are merged two by two, so a long run's snapshot does not grow with its duration. */
export const LIVE_TIMELINE_POINTS = 600;

const WORSE: readonly TimelinePoint['generator'][] = ['ok', 'strained', 'saturated'];
const worst = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : Math.max(a, b));

/**
 * The time axis of a run that is going on. A merged point shows the worse percentile of the two: the histograms behind them are
 * not kept here, and percentiles are never averaged. The report's own axis is merged from histograms.
 */
export class LiveTimeline {
  #points: TimelinePoint[] = [];
  #secondsPerPoint = 1;

  get points(): readonly TimelinePoint[] {
    return this.#points;
  }

  add(sample: Sample): void {
    this.#append(timelinePointOf(sample));
    if (this.#points.length <= LIVE_TIMELINE_POINTS) return;
    this.#secondsPerPoint *= 2;
    const points = this.#points;
    this.#points = [];
    for (const point of points) this.#append(point);
  }

  #append(point: TimelinePoint): void {
    const last = this.#points.at(-1);
    const fits = last && last.phase === point.phase && last.seconds + point.seconds <= this.#secondsPerPoint;
    if (fits) this.#points[this.#points.length - 1] = merged(last, point);
    else this.#points.push(point);
  }
}

function merged(a: TimelinePoint, b: TimelinePoint): TimelinePoint {
  const seconds = a.seconds + b.seconds;
  const rate = (x: number, y: number) => (x * a.seconds + y * b.seconds) / seconds;
  return {
    ...b,
    second: a.second,
    seconds,
    offeredRate: rate(a.offeredRate, b.offeredRate),
    completedRate: rate(a.completedRate, b.completedRate),
    errorRate: rate(a.errorRate, b.errorRate),
    dropped: a.dropped + b.dropped,
    p50Ms: worst(a.p50Ms, b.p50Ms),
    p95Ms: worst(a.p95Ms, b.p95Ms),
    p99Ms: worst(a.p99Ms, b.p99Ms),
    generator: WORSE.indexOf(a.generator) > WORSE.indexOf(b.generator) ? a.generator : b.generator,
  };
}
