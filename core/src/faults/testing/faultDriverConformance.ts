import type { FaultEffect } from '@evenkeel/contract/fault';
import type { FaultDriver, Injection, Inverse } from '../faultDriver.ts';

/** A place under test. */
export interface DriverPlace {
  readonly driver: FaultDriver;
  /** A driver of a later process, which shares nothing with the first but the place. */
  laterDriver(): FaultDriver;
  /** Names of pods, at least two. */
  readonly pods: readonly string[];
  /** Looks, without the driver, whether the effect is on the pod. */
  affected(pod: string, effect: FaultEffect): Promise<boolean>;
  /** Starts a pod anew, without the driver, and resolves when it is back. */
  restart(pod: string): Promise<void>;
  /** Lets so many milliseconds pass, by the clock that the place counts with. */
  pass(ms: number): Promise<void>;
  stop(): Promise<void>;
}

export interface ConformanceSettings {
  readonly start: () => Promise<DriverPlace>;
  /** The effects that the driver says it can make; each is tested. */
  readonly effects: readonly FaultEffect[];
  /** How long after its time to live an effect may still be seen on a machine under load (a pod that starts anew), in milliseconds. */
  readonly slackMs: number;
}

const LONG_MS = 60_000;
const SHORT_MS = 1500;
const LOOK_EVERY_MS = 50;

/** What every fault driver must keep, as tests: to be called at the top of a test file. */
export function faultDriverConformance(name: string, { start, effects, slackMs }: ConformanceSettings): void {
  describe(`the fault driver ${name}`, () => {
    let place: DriverPlace;
    let faults = 0;

    beforeAll(async () => {
      place = await start();
    });
    afterAll(() => place?.stop());

    /** A fresh fault on one of the pods, with its way back. */
    const plan = async (effect: FaultEffect, index = 0) => {
      const injection: Injection = { faultId: `conformance-${++faults}`, pod: place.pods[index]!, effect };
      return { injection, inverse: await place.driver.inverse(injection) };
    };
    const applied = async (effect: FaultEffect, ttlMs = LONG_MS) => {
      const fault = await plan(effect);
      await place.driver.apply(fault.injection, fault.inverse, ttlMs);
      return fault;
    };
    const affected = (effect: FaultEffect) => place.affected(place.pods[0]!, effect);

    describe.each(effects)('$type', (effect) => {
      it('is supported', () => expect(place.driver.unsupported(effect)).toBeNull());

      it('the way back is plain data, and asking for it changes nothing', async () => {
        const { injection, inverse } = await plan(effect);
        expect(inverse).toEqual(JSON.parse(JSON.stringify(inverse)));
        expect(inverse).toMatchObject({ faultId: injection.faultId, pod: injection.pod });
        expect(await affected(effect)).toBe(false);
      });

      it('is there when applied, on that pod alone, and gone when reverted', async () => {
        const { injection, inverse } = await applied(effect);
        expect(await affected(effect)).toBe(true);
        expect(await place.affected(place.pods[1]!, effect)).toBe(false);
        expect(await place.driver.probe(injection)).toMatchObject({ effective: true, evidence: expect.any(String) });
        expect(await place.driver.revert(inverse)).toBe('reverted');
        expect(await affected(effect)).toBe(false);
      });

      it('the probe says so when there is no effect', async () => {
        const { injection } = await plan(effect);
        expect((await place.driver.probe(injection)).effective).toBe(false);
      });

      it('ends by itself, and its revert is harmless then', async () => {
        const { inverse } = await applied(effect, SHORT_MS);
        expect(await affected(effect)).toBe(true);
        await place.pass(SHORT_MS);
        for (let waited = 0; waited < slackMs && (await affected(effect)); waited += LOOK_EVERY_MS) {
          await place.pass(LOOK_EVERY_MS);
        }
        expect(await affected(effect)).toBe(false);
        expect(await place.driver.revert(inverse)).toBe('was-over');
      });

      it('several calls for one injection are as one', async () => {
        const { injection, inverse } = await applied(effect);
        await place.driver.apply(injection, inverse, LONG_MS);
        expect(await place.driver.revert(inverse)).toBe('reverted');
        expect(await affected(effect)).toBe(false);
      });

      it('reverting twice, or what never was, is harmless', async () => {
        const { inverse } = await applied(effect);
        await place.driver.revert(inverse);
        expect(await place.driver.revert(inverse)).toBe('was-over');
        expect(await place.driver.revert((await plan(effect)).inverse)).toBe('was-over');
        const gone: Inverse = { ...inverse, pod: 'no-such-pod' };
        expect(await place.driver.revert(gone)).toBe('was-over');
      });

      it('an old way back does not touch a newer fault of the same pod', async () => {
        const old = await applied(effect);
        await place.driver.revert(old.inverse);
        const { inverse } = await applied(effect);
        await place.driver.revert(old.inverse);
        expect(await affected(effect)).toBe(true);
        await place.driver.revert(inverse);
      });

      it('a revert that overtakes its injection wins, or is repeated', async () => {
        const { injection, inverse } = await plan(effect);
        const applying = place.driver.apply(injection, inverse, LONG_MS).catch(() => {});
        await place.driver.revert(inverse).catch(() => {});
        await applying;
        await place.driver.revert(inverse);
        expect(await affected(effect)).toBe(false);
      });

      it('a later process can take it back with what was written down, and finds it without', async () => {
        const { inverse } = await applied(effect);
        const found = await place.driver.leftovers();
        expect(found).toContainEqual(expect.objectContaining({ faultId: inverse.faultId, pod: inverse.pod }));
        expect(await place.laterDriver().revert(JSON.parse(JSON.stringify(inverse)) as Inverse)).toBe('reverted');
        expect(await affected(effect)).toBe(false);
        await place.driver.revert(inverse);
        expect(await place.driver.leftovers()).toEqual([]);
      });
    });

    it('tells that a restarted pod took its fault along, and knows nothing of it any more', async () => {
      const lost: [string, string][] = [];
      const leave = place.driver.onLost(({ faultId, pod }, why) => lost.push([`${faultId} ${pod}`, why]));
      const { injection, inverse } = await applied(effects[0]!);
      await place.restart(injection.pod);
      expect(lost).toEqual([[`${injection.faultId} ${injection.pod}`, expect.stringContaining('restarted')]]);
      expect(await affected(effects[0]!)).toBe(false);
      expect(await place.driver.leftovers()).toEqual([]);
      expect(await place.driver.revert(inverse)).toBe('was-over');
      leave();
    });

    it('an injection into a pod that is not there is refused in words', async () => {
      const injection = { faultId: 'conformance-none', pod: 'no-such-pod', effect: effects[0]! };
      await expect(place.driver.inverse(injection)).rejects.toThrow('no-such-pod');
    });
  });
}
