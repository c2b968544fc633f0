/** Where the score's ruler begins: 80 while everything interesting is above it, else the ten below the lowest point. */
export function rulerStart(lowest: number | null, target: number): number {
  const least = Math.min(lowest ?? 100, target);
  return Math.max(0, Math.min(80, Math.floor((least - 2) / 10) * 10));
}
