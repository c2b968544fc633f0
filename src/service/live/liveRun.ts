import type { Report, TimelinePoint } from '@evenkeel/contract/report';
import { isFinal, type Run } from '@evenkeel/contract/run';
import type { Sample } from '@evenkeel/contract/sample';
import {
  type Mark,
  STREAM_EVENTS,
  STREAM_SCHEMAS,
  type StreamEventName,
  type StreamPayload,
} from '@evenkeel/contract/stream';
import { timelinePointOf } from '@evenkeel/contract/timeline';

/** Everything that a page shows of one run: the same before, during and after a lost connection. */
export interface LiveRun {
  readonly run: Run;
  readonly plannedSeconds: number;
  readonly timeline: readonly TimelinePoint[];
  readonly sample: Sample | null;
  readonly marks: readonly Mark[];
  readonly notices: readonly string[];
  readonly report: Report | null;
  /** The service's clock minus this machine's when the snapshot came, in milliseconds. */
  readonly clockOffsetMs: number;
}

export type StreamMessage = { [N in StreamEventName]: { name: N; payload: StreamPayload<N> } }[StreamEventName];

/** An event as the contract has it; null for a name that this version does not know. Throws an Error when it does not fit. */
export function readMessage(name: string, data: string): StreamMessage | null {
  const known = STREAM_EVENTS.find((event) => event === name);
  if (!known) return null;
  const parsed = STREAM_SCHEMAS[known].safeParse(JSON.parse(data));
  if (parsed.success) return { name: known, payload: parsed.data } as StreamMessage;
  const issue = parsed.error.issues[0];
  throw new Error(`event "${name}": ${issue?.path.join('.')} ${issue?.message}`);
}

/** Points merge by second: a resumed stream may repeat one, and a merged point of the snapshot may cover it already. */
function withSample(timeline: readonly TimelinePoint[], sample: Sample): readonly TimelinePoint[] {
  const last = timeline.at(-1);
  if (last && sample.second < last.second + last.seconds) return timeline;
  return [...timeline, timelinePointOf(sample)];
}

/** The state after one message. Before the first snapshot there is no state, and other messages have nothing to change. */
export function applyMessage(live: LiveRun | null, message: StreamMessage, nowMs: number): LiveRun | null {
  if (message.name === 'snapshot') {
    const { now, ...snapshot } = message.payload;
    return { ...snapshot, clockOffsetMs: now - nowMs };
  }
  if (live === null) return null;
  switch (message.name) {
    case 'sample':
      return { ...live, sample: message.payload, timeline: withSample(live.timeline, message.payload) };
    case 'phase': {
      const { phase, second, state, reason } = message.payload;
      const isStart = live.run.startedAt === null && !isFinal(state);
      const startedAt = isStart ? nowMs + live.clockOffsetMs : live.run.startedAt;
      const mark: Mark = { second, kind: 'phase', text: phase ?? state };
      return { ...live, run: { ...live.run, state, reason, startedAt }, marks: [...live.marks, mark] };
    }
    case 'fault':
    case 'mark':
      return { ...live, marks: [...live.marks, message.payload] };
    case 'notice':
      return live.notices.includes(message.payload.text)
        ? live
        : { ...live, notices: [...live.notices, message.payload.text] };
    case 'report':
      return { ...live, report: message.payload, run: message.payload.run };
  }
}
