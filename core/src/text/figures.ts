/**
 * Figures as people read them, the same on the page, on the terminal, in reports and in sentences. Every function takes the unit that the
 * contract uses and says a dash for "none". What is not quite whole never reads as whole: 99.97 is 99.9, a rare error is not 0.
 */

export const NONE = '–';

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 12,034 */
export const countText = (value: number | null | undefined): string => (value == null ? NONE : grouped.format(value));

/** Three significant digits at most, no trailing zeros beyond one decimal: 0.42, 4.2, 42, 1,420. */
function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || value === 0) return grouped.format(value);
  if (size >= 10) return value.toFixed(1);
  return value.toFixed(2);
}

/** 12.3 ms, 1.20 s */
export function latencyText(ms: number | null | undefined): string {
  if (ms == null) return NONE;
  return ms >= 1000 ? `${shortNumber(ms / 1000)} s` : `${shortNumber(ms)} ms`;
}

/** Requests per second: 12,345/s, 998/s, 3.3/s */
export function rateText(perSecond: number | null | undefined): string {
  if (perSecond == null) return NONE;
  return `${perSecond >= 100 || Number.isInteger(perSecond) ? grouped.format(perSecond) : perSecond.toFixed(1)}/s`;
}

/** With so many decimals; below 100 never rounded up to it. */
function belowWhole(percent: number, decimals: number): string {
  const rounded = percent.toFixed(decimals);
  return percent < 100 && Number(rounded) === 100 ? (100 - 10 ** -decimals).toFixed(decimals) : rounded;
}

/** A score, one decimal, without the percent sign: 97.4 */
export const scoreText = (percent: number | null | undefined): string =>
  percent == null ? NONE : belowWhole(percent, 1);

/** A score with its interval: 98.7 (97.9 to 99.4) */
export const scoreIntervalText = (score: number | null, low: number | null, high: number | null): string =>
  score === null || low === null || high === null
    ? scoreText(score)
    : `${scoreText(score)} (${scoreText(low)} to ${scoreText(high)})`;

/** 0 %, <0.01 %, 0.25 %, 1.3 %, 42 %, 99.9 % */
export function percentText(percent: number | null | undefined): string {
  if (percent == null) return NONE;
  if (percent === 0) return '0 %';
  if (percent < 0.01) return '<0.01 %';
  return `${Number(belowWhole(percent, percent < 1 ? 2 : 1))} %`;
}

/** Requests over those expected: 1.02× */
export const ratioText = (ratio: number | null | undefined): string => (ratio == null ? NONE : `${ratio.toFixed(2)}×`);

/** A share of 0 to 1 in percent, with the decimals that tell pods apart: 25.0 %, 0.100 %, 0 %. */
export function shareText(share: number | null | undefined): string {
  if (share == null) return NONE;
  const percent = share * 100;
  if (percent === 0) return '0 %';
  return `${percent >= 9.95 ? percent.toFixed(1) : percent >= 0.995 ? percent.toFixed(2) : percent.toFixed(3)} %`;
}

/** How far a ratio is from 1, in percent with its sign: +2.1 %, −12 %. */
export function deviationText(ratio: number | null | undefined): string {
  if (ratio == null) return NONE;
  const percent = (ratio - 1) * 100;
  const text = Math.abs(percent) >= 10 ? Math.abs(percent).toFixed(0) : Math.abs(percent).toFixed(1);
  if (Number(text) === 0) return '0 %';
  return `${percent > 0 ? '+' : '−'}${text} %`;
}

/** 64 MiB */
export function bytesText(bytes: number | null | undefined): string {
  if (bytes == null) return NONE;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value >= 100 || unit === 0 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]}`;
}

/** CPU in cores: 0.23, or 230 m below a tenth. */
export function coresText(cores: number | null | undefined): string {
  if (cores == null) return NONE;
  return cores < 0.1 ? `${Math.round(cores * 1000)} m` : cores.toFixed(2);
}

/** 0:07, 1:05, 1:00:00 */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const h = Math.floor(whole / 3600);
  const m = Math.floor((whole % 3600) / 60);
  const s = String(whole % 60).padStart(2, '0');
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`;
}

/** A length of time in words: 45 s, 1 min 5 s, 10 min, 2 h 5 min. */
export function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const h = Math.floor(whole / 3600);
  const m = Math.floor((whole % 3600) / 60);
  const s = whole % 60;
  if (h > 0) return m > 0 ? `${h} h ${m} min` : `${h} h`;
  return s > 0 ? `${m} min ${s} s` : `${m} min`;
}
