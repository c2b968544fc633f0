import { TurnRing } from './turnRing.ts';

test('free numbers come strictly in turn', () => {
  const ring = new TurnRing(3);
  const taken: number[] = [];
  for (let i = 0; i < 7; i++) {
    const number = ring.take();
    taken.push(number);
    ring.release(number);
  }
  expect(taken).toEqual([0, 1, 2, 0, 1, 2, 0]);
});

test('busy ones are skipped, and none is handed out twice', () => {
  const ring = new TurnRing(4);
  expect([ring.take(), ring.take(), ring.take(), ring.take(), ring.take()]).toEqual([0, 1, 2, 3, -1]);
  ring.release(2);
  ring.release(0);
  expect([ring.take(), ring.take(), ring.take()]).toEqual([0, 2, -1]);
});

test.each([1, 31, 32, 33, 64, 100, 1000])('agrees with a plain search at size %d', (size) => {
  const ring = new TurnRing(size);
  const free = new Set(Array.from({ length: size }, (_, i) => i));
  let turn = 0;
  let state = size;
  const held: number[] = [];
  for (let step = 0; step < 3000; step++) {
    state = (state * 48271) % 2147483647;
    if (state % 5 < 3) {
      let expected = -1;
      for (let i = 0; i < size && expected < 0; i++) if (free.has((turn + i) % size)) expected = (turn + i) % size;
      expect(ring.take()).toBe(expected);
      if (expected < 0) continue;
      free.delete(expected);
      held.push(expected);
      turn = (expected + 1) % size;
    } else if (held.length > 0) {
      const number = held.splice(state % held.length, 1)[0]!;
      free.add(number);
      ring.release(number);
    }
  }
});
