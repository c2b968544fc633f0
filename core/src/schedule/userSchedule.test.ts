import { UserSchedule } from './userSchedule.ts';

describe('UserSchedule', () => {
  const schedule = new UserSchedule({ users: 10, spawnRate: 4, durationSeconds: 20 });

  test('user i starts at i / spawnRate', () => {
    expect([0, 1, 4, 9].map((i) => schedule.startOf(i))).toEqual([0, 0.25, 1, 2.25]);
    expect(schedule.startOf(10)).toBe(Number.POSITIVE_INFINITY);
  });

  test.each([
    [-1, 0],
    [0, 1],
    [0.24, 1],
    [0.25, 2],
    [1, 5],
    [2.25, 10],
    [19.9, 10],
    [20, 0],
  ])('at %d s there are %d users', (t, users) => {
    expect(schedule.usersAt(t)).toBe(users);
  });

  test('a user whose turn comes behind the end never starts', () => {
    const slow = new UserSchedule({ users: 10, spawnRate: 0.1, durationSeconds: 30 });
    expect([0, 1, 2, 3].map((i) => slow.startOf(i))).toEqual([0, 10, 20, Number.POSITIVE_INFINITY]);
    expect(slow.usersAt(29.9)).toBe(3);
  });

  test('usersAt agrees with startOf at every start', () => {
    const odd = new UserSchedule({ users: 1000, spawnRate: 7.3, durationSeconds: 600 });
    for (let i = 0; i < 1000; i++) expect(odd.usersAt(odd.startOf(i))).toBe(i + 1);
  });
});
