import { loadProfile } from './loadProfile.ts';

test('a rate profile shows requests per second and their number', () => {
  const profile = loadProfile({ model: 'rate', stages: [{ from: 0, to: 100, durationSeconds: 10 }] });
  expect(profile.requests).toBe(500);
  expect(profile.durationSeconds).toBe(10);
  expect(profile.levelAt(5)).toBe(50);
});

test('a user profile shows users', () => {
  const profile = loadProfile({ model: 'users', users: 20, spawnRate: 5, durationSeconds: 60, thinkTimeMs: 0 });
  expect(profile.requests).toBeNull();
  expect(profile.levelAt(1)).toBe(6);
  expect(profile.levelAt(30)).toBe(20);
});
