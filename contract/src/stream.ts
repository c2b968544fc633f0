import { z } from 'zod';
import { reportSchema, timelinePointSchema } from './report.ts';
import { RUN_STATES, runSchema } from './run.ts';
import { PHASES, sampleSchema } from './sample.ts';

/**
 * Names of the events of `GET runs/{id}/events`. `snapshot` comes first (or nothing, when `Last-Event-ID` could be resumed),
 * then the others as they happen; `report` is the last one, after which the service closes the stream.
 */
export const STREAM_EVENTS = ['snapshot', 'sample', 'phase', 'fault', 'mark', 'notice', 'report'] as const;
export type StreamEventName = (typeof STREAM_EVENTS)[number];

/** A moment worth a mark on the time axis: a pod restart, an abort, a fault. */
export const markSchema = z
  .strictObject({ second: z.number().min(0), kind: z.string(), text: z.string() })
  .meta({ id: 'Mark' });
export type Mark = z.infer<typeof markSchema>;

/** Everything that a page needs to draw a run that it joins in the middle. */
export const snapshotSchema = z
  .strictObject({
    run: runSchema,
    /** Milliseconds since the Unix epoch by the service's clock, to correct a wrong one on the page. */
    now: z.number(),
    /** Profile and drain together, in seconds: the length of the progress bar. */
    plannedSeconds: z.number().min(0),
    /** The whole time axis so far; long runs are thinned by merging neighbours. */
    timeline: z.array(timelinePointSchema),
    /** The last second in full; null before the first one. */
    sample: sampleSchema.nullable(),
    marks: z.array(markSchema),
    notices: z.array(z.string()),
    /** Present when the run has ended. */
    report: reportSchema.nullable(),
  })
  .meta({ id: 'Snapshot' });
export type Snapshot = z.infer<typeof snapshotSchema>;

/** Sent at once when a phase begins, and once more with the final state when the run ends. */
export const phaseEventSchema = z
  .strictObject({
    /** null when the run ended. */
    phase: z.enum(PHASES).nullable(),
    second: z.number().min(0),
    state: z.enum(RUN_STATES),
    reason: z.string().nullable(),
  })
  .meta({ id: 'PhaseEvent' });
export type PhaseEvent = z.infer<typeof phaseEventSchema>;

export const noticeEventSchema = z.strictObject({ text: z.string() }).meta({ id: 'NoticeEvent' });
export type NoticeEvent = z.infer<typeof noticeEventSchema>;

/** The payload (`data:` of the event, JSON) by the name of the event. */
export const STREAM_SCHEMAS = {
  snapshot: snapshotSchema,
  sample: sampleSchema,
  phase: phaseEventSchema,
  fault: markSchema,
  mark: markSchema,
  notice: noticeEventSchema,
  report: reportSchema,
} as const;

export type StreamPayload<N extends StreamEventName> = z.infer<(typeof STREAM_SCHEMAS)[N]>;
