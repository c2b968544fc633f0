/** The rows that a scrolled list has to draw, with a few beyond either edge. `to` is not included. */
export function visibleRows(
  scrollTop: number,
  viewHeight: number,
  rowHeight: number,
  count: number
): { from: number; to: number } {
  const spare = 6;
  const from = Math.max(0, Math.floor(scrollTop / rowHeight) - spare);
  const to = Math.min(count, Math.ceil((scrollTop + viewHeight) / rowHeight) + spare);
  return { from: Math.min(from, to), to };
}
