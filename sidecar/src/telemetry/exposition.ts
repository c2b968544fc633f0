import type { KnownSeries } from './knownSeries.ts';

/** Characters after which a long exposition may be handed on, and something else done. */
const PART_LENGTH = 64 * 1024;

/** Builds the text that Prometheus reads: HELP and TYPE once for each family, then its series. */
export class Exposition {
  readonly #parts: string[] = [];
  #length = 0;
  readonly #known: KnownSeries;

  /** `known` lives from one exposition to the next. */
  constructor(known: KnownSeries) {
    this.#known = known;
    known.turn();
  }

  /** Starts a family. Its series follow, until the next family starts. */
  family(name: string, type: 'counter' | 'gauge' | 'histogram', help: string): void {
    this.#parts.push(`# HELP ${name} ${help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}\n# TYPE ${name} ${type}\n`);
  }

  /** One series. `labels` is what `labelText` made, empty for none. */
  series(name: string, labels: string, value: number): void {
    const line = labels === '' ? `${name} ${number(value)}\n` : `${name}{${labels}} ${number(value)}\n`;
    this.#parts.push(line);
    this.#length += line.length;
  }

  /** One series that only ever grows: 0 the first time that it is written. */
  counter(name: string, labels: string, value: number): void {
    this.series(name, labels, this.#known.has(name, labels) ? value : 0);
  }

  /** The factor of every count of a histogram: 0 the first time that it is written. */
  histogramFactor(name: string, labels: string): number {
    return this.#known.has(name, labels) ? 1 : 0;
  }

  /** Whether so much has come together that it should be taken. */
  get isPart(): boolean {
    return this.#length >= PART_LENGTH;
  }

  /** What was written since it was last taken. */
  take(): string {
    this.#length = 0;
    return this.#parts.splice(0).join('');
  }
}

const number = (value: number): string =>
  Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';

/** `target="shop",pod="a-1"`, escaped. Made once for each pod, not at each scrape. */
export const labelText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`)
    .join(',');
