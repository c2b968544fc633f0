import { faultDriverConformance } from '@evenkeel/core/faults/testing/faultDriverConformance';
import { FakeFaultClock } from './fakeFaultClock.ts';
import { FakeFaultDriver, FakeFaultPlace } from './fakeFaultPlace.ts';

faultDriverConformance('fake', {
  effects: [
    { type: 'latency', delayMs: 100, jitterMs: 0 },
    { type: 'partition', existing: 'cut' },
  ],
  slackMs: 0,
  start: async () => {
    const clock = new FakeFaultClock();
    const place = new FakeFaultPlace(clock, 2);
    return {
      driver: new FakeFaultDriver(place, clock),
      laterDriver: () => new FakeFaultDriver(place, clock),
      pods: place.names,
      affected: async (pod) => place.landed.has(pod),
      restart: async (pod) => place.restart(pod),
      pass: (ms) => clock.advance(ms),
      stop: async () => {},
    };
  },
});
