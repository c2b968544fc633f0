/** The first status line of each status that came over a transport, as examples for people. */
export class StatusLines {
  readonly #known = new Uint8Array(1000);
  readonly #lines: string[] = [];

  isKnown(status: number): boolean {
    return this.#known[status] === 1;
  }

  note(status: number, line: string): void {
    this.#known[status] = 1;
    this.#lines[status] = line;
  }

  /** The line of a status that came. */
  of(status: number): string {
    return this.#lines[status] ?? String(status);
  }
}
