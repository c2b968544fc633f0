import { Eligibility } from './eligibility.ts';

const names = (eligible: ReadonlySet<string>) => [...eligible].sort();
const pods = (...ready: string[]) => ['a', 'b', 'c'].map((pod) => ({ pod, ready: ready.includes(pod) }));

test('pods that are ready in the very first second need no grace', () => {
  expect(names(new Eligibility().observe(0, pods('a', 'b')))).toEqual(['a', 'b']);
  expect(names(new Eligibility().observe(17, pods('a', 'b')))).toEqual(['a', 'b']);
});

test('a pod that becomes ready later is eligible after five seconds', () => {
  const eligibility = new Eligibility();
  eligibility.observe(0, pods('a'));
  const seen: string[][] = [];
  for (let second = 1; second <= 8; second++) seen.push(names(eligibility.observe(second, pods('a', 'b'))));
  expect(seen).toEqual([['a'], ['a'], ['a'], ['a'], ['a'], ['a', 'b'], ['a', 'b'], ['a', 'b']]);
});

test('a pod that stops being ready is not eligible from that second, and needs its grace again', () => {
  const eligibility = new Eligibility(2);
  eligibility.observe(0, pods('a', 'b'));
  expect(names(eligibility.observe(1, pods('a')))).toEqual(['a']);
  expect(names(eligibility.observe(2, pods('a', 'b')))).toEqual(['a']);
  expect(names(eligibility.observe(3, pods('a', 'b')))).toEqual(['a']);
  expect(names(eligibility.observe(4, pods('a', 'b')))).toEqual(['a', 'b']);
});

test('a pod that vanishes from the list and returns needs its grace, too', () => {
  const eligibility = new Eligibility(2);
  eligibility.observe(0, [{ pod: 'a', ready: true }]);
  eligibility.observe(1, []);
  expect(names(eligibility.observe(2, [{ pod: 'a', ready: true }]))).toEqual([]);
  expect(names(eligibility.observe(4, [{ pod: 'a', ready: true }]))).toEqual(['a']);
});

test('the grace is time, not calls: a missed second shortens nothing and lengthens nothing', () => {
  const eligibility = new Eligibility();
  eligibility.observe(0, pods('a'));
  eligibility.observe(3, pods('a', 'b'));
  expect(names(eligibility.observe(7, pods('a', 'b')))).toEqual(['a']);
  expect(names(eligibility.observe(8, pods('a', 'b')))).toEqual(['a', 'b']);
});

test('when no pod was ready at first, later ones need their grace', () => {
  const eligibility = new Eligibility();
  expect(names(eligibility.observe(0, pods()))).toEqual([]);
  expect(names(eligibility.observe(1, pods('a')))).toEqual([]);
  expect(names(eligibility.observe(6, pods('a')))).toEqual(['a']);
});
