/** How figures are written for people, the same in every report and on the terminal. */

const DASH = '–';

/** Milliseconds with three significant digits and a unit: `0.42 ms`, `12.3 ms`, `1.20 s`. */
export function formatMs(ms: number | null): string {
  if (ms === null) return DASH;
  if (ms >= 1000) return `${(ms / 1000).toPrecision(ms >= 100_000 ? 4 : 3)} s`;
  return `${ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms.toFixed(2)} ms`;
}

/** A whole number with thousands separators. */
export function formatCount(n: number): string {
  return Math.round(n).toLocaleString('en-US');
}

/** A score or percentage with one digit; values that are not quite 100 never round up to it. */
export function formatPercent(percent: number | null, digits = 1): string {
  if (percent === null) return DASH;
  const rounded = percent.toFixed(digits);
  return percent < 100 && Number(rounded) === 100 ? (100 - 10 ** -digits).toFixed(digits) : rounded;
}

/** A small percentage that must not read as none: `0 %`, `<0.01 %`, `1.25 %`. */
export function formatErrorRate(percent: number): string {
  if (percent === 0) return '0 %';
  return percent < 0.01 ? '<0.01 %' : `${percent.toFixed(2)} %`;
}

/** `1,000/s`, with a digit more below 100 where there is one. */
export function formatRate(perSecond: number): string {
  return `${perSecond >= 100 ? formatCount(perSecond) : Number(perSecond.toFixed(1))}/s`;
}

/** `1.02×`: requests over expected requests. */
export function formatRatio(ratio: number | null): string {
  return ratio === null ? DASH : `${ratio.toFixed(2)}×`;
}

/** The score with its interval: `98.7 (97.9 to 99.4)`. */
export function formatScore(score: number | null, low: number | null, high: number | null): string {
  if (score === null) return DASH;
  if (low === null || high === null) return formatPercent(score);
  return `${formatPercent(score)} (${formatPercent(low)} to ${formatPercent(high)})`;
}

export function formatBytes(bytes: number | null): string {
  if (bytes === null) return DASH;
  return bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
