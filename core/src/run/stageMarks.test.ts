import { StageMarks, stageBoundaries } from './stageMarks.ts';

const spike = {
  model: 'rate',
  stages: [
    { from: 100, to: 100, durationSeconds: 10 },
    { from: 100, to: 500, durationSeconds: 0 },
    { from: 500, to: 500, durationSeconds: 2.5 },
    { from: 500, to: 100, durationSeconds: 10 },
  ],
} as const;
const load = { ...spike, stages: [...spike.stages] };

it('knows where the load changes its course', () => {
  expect(stageBoundaries(load)).toEqual([
    { second: 10, text: 'stage 2 of 3: 500/s for 2.5 s' },
    { second: 12.5, text: 'stage 3 of 3: 500/s to 100/s over 10 s' },
  ]);
  const users = { model: 'users', users: 50, spawnRate: 10, durationSeconds: 60, thinkTimeMs: 0 } as const;
  expect(stageBoundaries(users)).toEqual([{ second: 5, text: 'all 50 users are there' }]);
  expect(stageBoundaries({ ...users, durationSeconds: 5 })).toEqual([]);
  expect(stageBoundaries({ model: 'rate', stages: [load.stages[0]!] })).toEqual([]);
});

function marks() {
  const seen: number[] = [];
  const timers: { ms: number; fire: () => void }[] = [];
  const stages = new StageMarks(
    load,
    ({ second }) => seen.push(second),
    (ms, fire) => {
      const timer = { ms, fire };
      timers.push(timer);
      return () => timers.splice(timers.indexOf(timer), 1);
    }
  );
  const fire = () => timers.shift()!.fire();
  return { seen, timers, stages, fire };
}

it('marks each at once by the clock', () => {
  const { seen, timers, stages, fire } = marks();
  stages.at(2);
  expect(timers.map(({ ms }) => ms)).toEqual([8000]);
  fire();
  expect([seen, timers.map(({ ms }) => ms)]).toEqual([[10], [2500]]);
  fire();
  expect([seen, timers]).toEqual([[10, 12.5], []]);
  stages.counted(13);
  expect(seen).toEqual([10, 12.5]);
});

it('marks each with its second at the latest, and once', () => {
  const { seen, stages, timers } = marks();
  stages.at(0);
  for (const second of [8, 9]) stages.counted(second);
  expect(seen).toEqual([]);
  stages.counted(10);
  expect(seen).toEqual([10]);
  timers[0]!.fire();
  expect(seen).toEqual([10]);
  stages.counted(13);
  expect(seen).toEqual([10, 12.5]);
});

it('marks nothing of a load that was stopped', () => {
  const { seen, stages, timers } = marks();
  stages.at(0);
  stages.end();
  expect(timers).toEqual([]);
  stages.counted(20);
  expect(seen).toEqual([]);
});
