import { idParamsSchema, PATHS } from '@evenkeel/contract/api';
import { profileSeconds } from '@evenkeel/contract/profileSeconds';
import { Refusal } from '@evenkeel/contract/refusal';
import { type Snapshot, snapshotSchema } from '@evenkeel/contract/stream';
import { z } from 'zod';
import { loopTurn } from '../../pacing/loopTurn.ts';
import { type LiveEvent, liveEvent } from '../../runs/liveEventRing.ts';
import { apiPath } from '../apiPath.ts';
import type { StreamReader } from '../eventStreams.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';

const lastEventSchema = z.strictObject({ 'last-event-id': z.string().max(40).optional() });
/** Id of the only events of a run that is read from history: one that no live event ever had. */
const FROM_HISTORY = 999_999_999_999_999;

/** The live stream of a run. */
export function streamRoutes({ runs, streams, now }: Services): Route[] {
  return [
    route({
      method: 'get',
      path: apiPath(PATHS.runEvents),
      access: 'Viewer',
      rate: 'stream',
      tag: 'Runs',
      summary: 'Follow a run: server-sent events',
      description:
        'First `snapshot`, then `sample` each second, `phase`, `fault`, `mark` and `notice` as they happen, last `report`, after which the stream ends. ' +
        '`Last-Event-ID` resumes; 204 says that nothing is left to tell. A reader that does not keep up is cut off. A comment comes every 15 s.',
      params: idParamsSchema,
      headers: lastEventSchema,
      responses: {
        200: {
          description: 'The stream; the schema is that of the first event',
          schema: snapshotSchema,
          types: ['text/event-stream'],
        },
        204: { description: 'The run is over and all was told' },
      },
      problems: ['not-found', 'too-many-streams'],
      handle: ({ params, headers, identity }) => {
        const last = /^\d{1,15}$/.test(headers['last-event-id'] ?? '') ? Number(headers['last-event-id']) : null;
        const live = runs.live(params.id);
        if (live?.toldEverything(last)) return { status: 204 };
        const history = live ? null : historyOf(params.id);
        if (history && last === FROM_HISTORY) return { status: 204 };
        streams.refuseIfFull(identity.subject);
        return {
          status: 200,
          stream: (response) =>
            streams.open(response, identity.subject, (reader) => {
              if (live) return live.follow(reader, last);
              void tell(history ?? [], reader);
              return () => {};
            }),
        };
      },
    }),
  ];

  /** A run that ended long ago, or in another process, told like one that just ended. */
  function historyOf(id: string): Iterable<LiveEvent> {
    const run = runs.get(id);
    const report = reportIfAny(id);
    const snapshot: Snapshot = {
      run,
      now: now(),
      plannedSeconds: profileSeconds(run.scenario.load) + run.scenario.drainSeconds,
      timeline: report?.timeline ?? [],
      sample: runs.lastSample(id),
      marks: report?.events ?? [],
      notices: report?.notices ?? [],
      report,
    };
    return (function* () {
      yield liveEvent(FROM_HISTORY, 'snapshot', snapshot);
      if (report) yield liveEvent(FROM_HISTORY, 'report', report);
    })();
  }

  /** Each event is put into words in a turn of its own: those of a thousand pods are megabytes. */
  async function tell(events: Iterable<LiveEvent>, reader: StreamReader): Promise<void> {
    await loopTurn();
    for (const event of events) {
      reader.event(event);
      await loopTurn();
    }
    reader.end();
  }

  function reportIfAny(id: string) {
    try {
      return runs.report(id);
    } catch (error) {
      if (error instanceof Refusal && error.problem === 'wrong-state') return null;
      throw error;
    }
  }
}
