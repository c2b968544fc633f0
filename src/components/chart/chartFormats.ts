import { countText, latencyText, NONE, rateText, scoreText } from '@evenkeel/core/text/figures';
import type { RunChart } from './runSeries.ts';

/** How the values of each chart of a run are written, on the axis and in the legend. */
export const CHART_FORMATS: Readonly<Record<RunChart['id'], (value: number | null) => string>> = {
  // The axis has whole numbers; a figure has its decimal.
  score: (value) => (value === null ? NONE : Number.isInteger(value) ? String(value) : scoreText(value)),
  rate: rateText,
  errors: rateText,
  latency: latencyText,
  inFlight: countText,
};
