import { loopTurn, type Turn } from './loopTurn.ts';

const turns = () => {
  let count = 0;
  let going = true;
  const turn = () => {
    count++;
    if (going) setImmediate(turn);
  };
  setImmediate(turn);
  const stop = () => {
    going = false;
  };
  return { count: () => count, stop };
};

it('lets one go on in each turn, the urgent ones first, the others in their order', async () => {
  const loop = turns();
  const order: string[] = [];
  const at: number[] = [];
  const wait = async (name: string, turn: Turn) => {
    await loopTurn(turn);
    order.push(name);
    at.push(loop.count());
  };
  await Promise.all([
    wait('a', 'part'),
    wait('b', 'part'),
    wait('page', 'request'),
    wait('health', 'health'),
    wait('stop', 'stop'),
    wait('c', 'part'),
    wait('stop again', 'stop'),
  ]);
  loop.stop();
  expect(order).toEqual(['stop', 'stop again', 'health', 'page', 'a', 'b', 'c']);
  expect(new Set(at).size).toBe(7);
});

it('gives a turn to whoever asks again and again, and to the others meanwhile', async () => {
  let rounds = 0;
  let over = false;
  const greedy = (async () => {
    while (!over) {
      await loopTurn();
      rounds++;
    }
  })();
  for (let i = 0; i < 20; i++) await loopTurn();
  over = true;
  await greedy;
  expect(rounds).toBeGreaterThanOrEqual(20);
  expect(rounds).toBeLessThan(25);
});
