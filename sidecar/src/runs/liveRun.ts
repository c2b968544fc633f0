import { profileSeconds } from '@evenkeel/contract/profileSeconds';
import type { Report } from '@evenkeel/contract/report';
import type { Run } from '@evenkeel/contract/run';
import type { Phase, Sample } from '@evenkeel/contract/sample';
import type { Mark, Snapshot, StreamEventName, StreamPayload } from '@evenkeel/contract/stream';
import { LiveTimeline } from '@evenkeel/core/run/liveTimeline';
import type { RunListener } from '@evenkeel/core/run/runExecution';
import { type LiveEvent, LiveEventRing, liveEvent } from './liveEventRing.ts';

/** Two minutes of seconds at four pods; with a thousand pods the bytes are the bound. */
const RING_EVENTS = 150;
/** Less than may wait for one reader: one who resumes gets all of it at once, and must not be cut off for that. */
export const RING_BYTES = 3 * 1024 * 1024;
const MAX_MARKS = 500;
const MAX_NOTICES = 100;

/** Somebody who follows a run. Must not throw. */
export interface LiveReader {
  event(event: LiveEvent): void;
  /** Nothing follows: the run is over and its report was delivered. */
  end(): void;
}

/** A run that is going on, as its readers see it: what happened so far, and what happens next. */
export class LiveRun implements RunListener {
  readonly #now: () => number;
  readonly #ring = new LiveEventRing(RING_EVENTS, RING_BYTES);
  readonly #timeline = new LiveTimeline();
  readonly #marks: Mark[] = [];
  readonly #notices: string[] = [];
  readonly #readers = new Set<LiveReader>();
  #run: Run;
  #sample: Sample | null = null;
  #report: Report | null = null;
  #nextId = 1;
  #snapshot: LiveEvent | null = null;

  constructor(run: Run, now: () => number) {
    this.#run = run;
    this.#now = now;
  }

  get run(): Run {
    return this.#run;
  }

  get report(): Report | null {
    return this.#report;
  }

  get readers(): number {
    return this.#readers.size;
  }

  sample(sample: Sample): void {
    this.#sample = sample;
    this.#timeline.add(sample);
    this.#publish('sample', sample);
  }

  phase(phase: Phase, second: number): void {
    this.#run = { ...this.#run, state: phase, startedAt: this.#run.startedAt ?? this.#now() };
    this.#publish('phase', { phase, second, state: phase, reason: null });
  }

  event(mark: Mark): void {
    // A phase has its own event; as a mark it is only remembered for those who come later.
    if (this.#marks.length < MAX_MARKS) this.#marks.push(mark);
    if (mark.kind !== 'phase') this.#publish(mark.kind.startsWith('fault') ? 'fault' : 'mark', mark);
  }

  notice(text: string): void {
    if (this.#notices.length >= MAX_NOTICES || this.#notices.includes(text)) return;
    this.#notices.push(text);
    this.#publish('notice', { text });
  }

  /** Labels, note or baseline were changed meanwhile. */
  described(run: Pick<Run, 'labels' | 'note' | 'baseline'>): void {
    this.#run = { ...this.#run, labels: run.labels, note: run.note, baseline: run.baseline };
    this.#snapshot = null;
  }

  /** The last word: the final state, the report, the end of every stream. */
  end(report: Report): void {
    const { state, reason, startedAt, endedAt } = report.run;
    this.#run = { ...this.#run, state, reason, startedAt, endedAt };
    this.#report = { ...report, run: this.#run };
    this.#publish('phase', { phase: null, second: (this.#sample?.second ?? -1) + 1, state, reason });
    this.#publish('report', this.#report);
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
  }

  /**
   * Follows the run: first what `lastEventId` has missed, or a snapshot when that is unknown or too long ago, then every event.
   * Returns how to leave. A run that is over gives everything at once and ends.
   */
  follow(reader: LiveReader, lastEventId: number | null): () => void {
    const missed = lastEventId === null ? null : this.#ring.after(lastEventId);
    if (missed !== null) {
      for (const event of missed) reader.event(event);
    } else {
      reader.event(this.#snapshotEvent());
    }
    if (this.#report !== null) {
      reader.end();
      return () => {};
    }
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  }

  /** Whether a reader that saw event `lastEventId` has nothing left to see. */
  toldEverything(lastEventId: number | null): boolean {
    return this.#report !== null && lastEventId === this.#ring.lastId;
  }

  /** What a page needs to draw the run from its beginning. */
  snapshot(): Snapshot {
    const { scenario } = this.#run;
    return {
      run: this.#run,
      now: this.#now(),
      plannedSeconds: profileSeconds(scenario.load) + scenario.drainSeconds,
      timeline: [...this.#timeline.points],
      sample: this.#sample,
      marks: [...this.#marks],
      notices: [...this.#notices],
      report: this.#report,
    };
  }

  /** Many readers may come between two events (a reload of a dashboard by a whole team): encoded once for all of them. */
  #snapshotEvent(): LiveEvent {
    this.#snapshot ??= liveEvent(this.#nextId - 1, 'snapshot', this.snapshot());
    return this.#snapshot;
  }

  #publish<N extends StreamEventName>(name: N, data: StreamPayload<N>): void {
    const event = liveEvent(this.#nextId++, name, data);
    this.#snapshot = null;
    this.#ring.push(event);
    for (const reader of this.#readers) reader.event(event);
  }
}
