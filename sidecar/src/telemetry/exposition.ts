/** Builds the text that Prometheus reads: HELP and TYPE once for each family, then its series. */
export class Exposition {
  readonly #parts: string[] = [];

  /** Starts a family. Its series follow, until the next family starts. */
  family(name: string, type: 'counter' | 'gauge' | 'histogram', help: string): void {
    this.#parts.push(`# HELP ${name} ${help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}\n# TYPE ${name} ${type}\n`);
  }

  /** One series. `labels` is what `labelText` made, empty for none. */
  series(name: string, labels: string, value: number): void {
    this.#parts.push(labels === '' ? `${name} ${number(value)}\n` : `${name}{${labels}} ${number(value)}\n`);
  }

  text(): string {
    return this.#parts.join('');
  }
}

const number = (value: number): string =>
  Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';

/** `target="shop",pod="a-1"`, escaped. Made once for each pod, not at each scrape. */
export const labelText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`)
    .join(',');
