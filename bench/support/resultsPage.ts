import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** The machine on which figures were taken, and how busy it was with other things. */
export function machine(): string {
  const [load] = loadavg();
  const memory = Math.round(totalmem() / 2 ** 30);
  return (
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${memory} GiB, Linux ${release()}, ` +
    `Node ${process.versions.node}; load average before the bench ${load!.toFixed(2)}; ${new Date().toISOString().slice(0, 16)}Z`
  );
}

/** Puts text between `<!-- name -->` and `<!-- /name -->` of a page of docs/. */
export function publish(name: string, text: string, page = 'benchmarks.md'): void {
  const file = new URL(`../../docs/${page}`, import.meta.url);
  const before = readFileSync(file, 'utf8');
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = before.indexOf(begin);
  const to = before.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/${page} has no ${begin} … ${end}`);
  writeFileSync(file, `${before.slice(0, from + begin.length)}\n${text}\n${before.slice(to)}`);
}
