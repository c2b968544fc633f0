import type { RecordParts } from './faultRecord.ts';
import { messageOf, pause } from './patience.ts';
import type { JournalEntry } from './ports/faultJournal.ts';

const AGAIN_MS = 1000;

/**
 * What is open in the journal. One that cannot be read is asked again, until it answers or `givenUp` says so; `problem` is told
 * each time what is wrong, for people, and `meanwhile` is done.
 */
export async function openEntries(
  { journal, clock, complain }: Pick<RecordParts, 'journal' | 'clock' | 'complain'>,
  problem: (sentence: string) => void,
  meanwhile: () => Promise<void>,
  givenUp: () => boolean
): Promise<JournalEntry[]> {
  for (let tries = 0; !givenUp(); tries++) {
    try {
      return journal.open();
    } catch (error) {
      if (tries === 0) complain('the fault journal cannot be read', error);
      problem(`The fault journal cannot be read, so faults may be left in effect: ${messageOf(error)}`);
      await meanwhile();
      await pause(clock, AGAIN_MS);
    }
  }
  return [];
}
