import type { Run } from '@evenkeel/contract/run';
import type { Sample } from '@evenkeel/contract/sample';
import type { RunListener } from '@evenkeel/core/run/runExecution';
import { liveFrame, pipedLine } from './liveView.ts';

/** Shows a run while it goes on: a view redrawn in place on a terminal, a line a second in a pipe, nothing when quiet. */
export interface Display extends RunListener {
  /** Leaves the screen as the last frame was. */
  close(): void;
}

export function display(run: Run, durationSeconds: number, quiet: boolean, out: NodeJS.WriteStream): Display {
  if (quiet) return { sample() {}, phase() {}, event() {}, notice() {}, close() {} };
  return out.isTTY ? new TerminalDisplay(run, durationSeconds, out) : new PipeDisplay(out);
}

class PipeDisplay implements Display {
  readonly #out: NodeJS.WriteStream;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  sample(sample: Sample): void {
    this.#out.write(`${pipedLine(sample)}\n`);
  }
  phase(): void {}
  event(event: { second: number; kind: string; text: string }): void {
    if (event.kind !== 'phase') this.#out.write(`${event.second.toFixed(0).padStart(4)} s ${event.text}\n`);
  }
  notice(text: string): void {
    this.#out.write(`       ! ${text}\n`);
  }
  close(): void {}
}

class TerminalDisplay implements Display {
  readonly #run: Run;
  readonly #durationSeconds: number;
  readonly #out: NodeJS.WriteStream;
  readonly #notices: string[] = [];
  #lines = 0;

  constructor(run: Run, durationSeconds: number, out: NodeJS.WriteStream) {
    this.#run = run;
    this.#durationSeconds = durationSeconds;
    this.#out = out;
    out.write('\x1b[?25l');
  }

  sample(sample: Sample): void {
    const { columns, rows } = this.#out;
    const state = { run: this.#run, durationSeconds: this.#durationSeconds, sample, notices: this.#notices };
    const frame = liveFrame(state, columns ?? 100, Math.max(8, (rows ?? 40) - 1));
    const up = this.#lines > 0 ? `\x1b[${this.#lines}A` : '';
    // Wrapping is off while a frame is drawn: a wrapped line would make the next frame start too low.
    this.#out.write(`${up}\x1b[0J\x1b[?7l${frame.join('\n')}\x1b[?7h\n`);
    this.#lines = frame.length;
  }
  phase(): void {}
  event(event: { second: number; kind: string; text: string }): void {
    if (event.kind !== 'phase') this.#notices.push(`${event.second.toFixed(0)} s: ${event.text}`);
  }
  notice(text: string): void {
    this.#notices.push(text);
  }
  close(): void {
    this.#out.write('\x1b[?25h');
  }
}
