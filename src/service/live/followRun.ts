import { type ServiceFailure, serviceFailure, unexpectedAnswer } from '../serviceFailure.ts';
import { backoffMs } from './backoff.ts';
import { EventParser } from './eventParser.ts';
import { applyMessage, type LiveRun, readMessage } from './liveRun.ts';

/** How the page and the service are connected, for a person. */
export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  /** Lost; the next attempt is at `retryAt` (milliseconds since the Unix epoch). */
  | { readonly state: 'waiting'; readonly retryAt: number; readonly failure: ServiceFailure }
  /** The run has ended and everything is here. */
  | { readonly state: 'complete' }
  /** Trying again would not help. */
  | { readonly state: 'refused'; readonly failure: ServiceFailure };

export interface FollowedRun {
  readonly live: LiveRun | null;
  readonly connection: Connection;
}

/** What following needs from outside: network, clock, chance. */
export interface FollowPorts {
  /** Opens the event stream; `lastEventId` is '' at first. */
  open(lastEventId: string, signal: AbortSignal): Promise<Response>;
  now(): number;
  random(): number;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** No event and no heartbeat (every 15 s) for this long means that the connection is dead, whatever TCP says. */
const SILENCE_MS = 40_000;
/** Refusals after which a further attempt is pointless: no such run, role too low, not a path. */
const FINAL_STATUS = [400, 403, 404, 405];

async function readWithin(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  ports: FollowPorts,
  signal: AbortSignal
): Promise<ReadableStreamReadResult<Uint8Array> | 'silent'> {
  const done = new AbortController();
  const stop = () => done.abort();
  signal.addEventListener('abort', stop);
  try {
    const silence = ports.wait(SILENCE_MS, done.signal).then(() => 'silent' as const);
    return await Promise.race([reader.read(), silence]);
  } finally {
    done.abort();
    signal.removeEventListener('abort', stop);
  }
}

/**
 * Follows one run until it has ended or `signal` aborts. After a loss it reconnects with growing, jittered pauses, resumes
 * from the last event that it saw, and is brought up to date by a snapshot when the service cannot resume.
 */
export async function followRun(
  ports: FollowPorts,
  publish: (state: FollowedRun) => void,
  signal: AbortSignal
): Promise<void> {
  let live: LiveRun | null = null;
  let lastEventId = '';
  let attempt = 0;
  const say = (connection: Connection) => publish({ live, connection });

  const readStream = async (body: ReadableStream<Uint8Array>): Promise<ServiceFailure | 'complete'> => {
    const parser = new EventParser();
    const decoder = new TextDecoder();
    const reader = body.getReader();
    try {
      for (;;) {
        const piece = await readWithin(reader, ports, signal);
        if (piece === 'silent' || piece.done) return serviceFailure(0, '');
        for (const event of parser.push(decoder.decode(piece.value, { stream: true }))) {
          const message = readMessage(event.name, event.data);
          if (message === null) continue;
          lastEventId = event.id;
          attempt = 0;
          live = applyMessage(live, message, ports.now());
          if (live?.report) return 'complete';
          say({ state: 'live' });
        }
      }
    } finally {
      // Cancelling a stream that the abort already closed rejects; there is nothing left to do then.
      void reader.cancel().catch(() => {});
    }
  };

  const once = async (): Promise<ServiceFailure | 'complete' | { refused: ServiceFailure }> => {
    try {
      const response = await ports.open(lastEventId, signal);
      const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
      if (response.ok && isStream && response.body) return await readStream(response.body);
      const failure = response.ok
        ? unexpectedAnswer('event stream', 'it is not an event stream')
        : serviceFailure(response.status, await response.text());
      return FINAL_STATUS.includes(response.status) ? { refused: failure } : failure;
    } catch (thrown) {
      if (thrown instanceof SyntaxError || (thrown instanceof Error && thrown.message.startsWith('event "'))) {
        return { refused: unexpectedAnswer('event stream', thrown.message) };
      }
      return serviceFailure(0, '');
    }
  };

  say({ state: 'connecting' });
  while (!signal.aborted) {
    const end = await once();
    if (signal.aborted) return;
    if (end === 'complete') return say({ state: 'complete' });
    if ('refused' in end) return say({ state: 'refused', failure: end.refused });
    const pause = backoffMs(attempt++, ports.random());
    say({ state: 'waiting', retryAt: ports.now() + pause, failure: end });
    await ports.wait(pause, signal);
    if (!signal.aborted) say({ state: 'connecting' });
  }
}
