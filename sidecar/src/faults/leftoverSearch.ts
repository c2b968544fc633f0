import type { FaultDriver, Inverse } from '@evenkeel/core/faults/faultDriver';
import type { RecordParts } from './faultRecord.ts';
import { withinPatience } from './patience.ts';
import type { FaultPlaces } from './ports/faultPlaces.ts';

const EVERY_MS = 15_000;
/** A place that does not answer must not keep the service from being ready, nor from looking again. */
const PATIENCE_MS = 8000;

interface SearchParts extends Pick<RecordParts, 'clock' | 'audit' | 'complain'> {
  readonly places: FaultPlaces;
}

/** Takes back what the places know with our mark and no open fault accounts for: a journal may be lost, a call may land late. */
export class LeftoverSearch {
  readonly #parts: SearchParts;
  readonly #isKnown: (faultId: string) => boolean;
  #cancel: () => void = () => {};
  #stopped = false;

  constructor(parts: SearchParts, isKnown: (faultId: string) => boolean) {
    this.#parts = parts;
    this.#isKnown = isKnown;
  }

  /** Never rejects: what goes wrong is complained of, and tried again with the next search. */
  async search(): Promise<void> {
    await Promise.all(
      this.#parts.places.list().map(async ({ driver, targetName }) => {
        try {
          const found = await withinPatience(this.#parts.clock, PATIENCE_MS, driver.leftovers());
          const unknown = found.filter(({ faultId }) => !this.#isKnown(faultId));
          await Promise.all(unknown.map((inverse) => this.#takeBack(driver, targetName, inverse)));
        } catch (error) {
          this.#parts.complain(`leftovers of faults on ${targetName} could not be looked for`, error);
        }
      })
    );
  }

  /** Searches again and again, until `stop`. */
  repeat(): void {
    if (this.#stopped) return;
    this.#cancel = this.#parts.clock.after(EVERY_MS, () => {
      void this.search().then(() => this.repeat());
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  async #takeBack(driver: FaultDriver, targetName: string, inverse: Inverse): Promise<void> {
    try {
      await withinPatience(this.#parts.clock, PATIENCE_MS, driver.revert(inverse));
      this.#audit(inverse, targetName);
    } catch (error) {
      this.#parts.complain(
        `a leftover of the fault ${inverse.faultId} on ${inverse.pod} could not be taken back`,
        error
      );
    }
  }

  #audit({ faultId, pod }: Inverse, targetName: string): void {
    this.#parts.audit.add({
      at: this.#parts.clock.now(),
      subject: 'evenkeel',
      role: null,
      verified: true,
      action: 'fault leftover reverted',
      object: `${pod} of ${targetName} (fault ${faultId})`,
      status: 200,
      outcome: 'It was found in place and is not open in the journal.',
      requestId: faultId,
    });
  }
}
