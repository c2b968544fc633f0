/** Figures as people read them. Every function takes the unit that the contract uses and says a dash for "none". */

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

/** Requests per second: 998/s, 12.3k/s */
export function rateText(perSecond: number | null | undefined): string {
  if (perSecond == null) return NONE;
  if (perSecond >= 10_000) return `${shortNumber(perSecond / 1000)}k/s`;
  return `${perSecond >= 100 || Number.isInteger(perSecond) ? grouped.format(perSecond) : perSecond.toFixed(1)}/s`;
}

/** One decimal: 97.4 */
export const scoreText = (percent: number | null | undefined): string => (percent == null ? NONE : percent.toFixed(1));

/** 0 %, 0.02 %, 1.3 %, 42 % */
export function percentText(percent: number | null | undefined): string {
  if (percent == null) return NONE;
  if (percent === 0) return '0 %';
  if (percent < 0.01) return '< 0.01 %';
  return `${percent < 1 ? percent.toFixed(2) : percent < 10 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

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
