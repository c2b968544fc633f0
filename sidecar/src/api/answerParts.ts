import type { ServerResponse } from 'node:http';
import { loopTurn } from '../pacing/loopTurn.ts';
import { WAITS_FOR_PEER } from './connectionLimits.ts';
import type { Reply } from './route.ts';

/** Characters that are written in one turn of the event loop, about. */
const PART_LENGTH = 64 * 1024;

/** A JSON object with one long list: `{"name":[…],…rest}`. Each entry is made when its turn comes; `rest` when all are. */
export function listParts(name: string, entries: Iterable<unknown>, rest: () => object): NonNullable<Reply['parts']> {
  return { type: 'application/json; charset=utf-8', body: listText(name, entries, rest) };
}

function* listText(name: string, entries: Iterable<unknown>, rest: () => object): Generator<string> {
  yield `{${JSON.stringify(name)}:[`;
  let isFirst = true;
  for (const entry of entries) {
    yield `${isFirst ? '' : ','}${JSON.stringify(entry)}`;
    isFirst = false;
  }
  const more = JSON.stringify(rest()).slice(1, -1);
  yield `]${more === '' ? '' : ','}${more}}`;
}

/**
 * Sends an answer part by part, so that a long one is never in memory as a whole, and holds the event loop for no longer than one
 * part takes to make. Short texts are put together; a buffer is shared with others and sent as it is. Whoever reads slowly is waited for. Rejects with what went wrong in making a part; the answer is cut off then.
 */
export async function sendParts(response: ServerResponse, parts: Iterable<string | Buffer>): Promise<void> {
  let pending = '';
  try {
    for (const part of parts) {
      if (typeof part === 'string') {
        pending += part;
        if (pending.length < PART_LENGTH) continue;
      }
      // Who asks for much may be dropped for others who ask: the one who took a part longest ago.
      response.emit(WAITS_FOR_PEER, true);
      let taken = pending === '' || response.write(pending);
      if (typeof part !== 'string') taken = response.write(part);
      if (!taken) await drained(response);
      pending = '';
      if (response.destroyed) return;
      await loopTurn();
    }
    response.end(pending);
  } catch (error) {
    response.destroy();
    throw error;
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}
