import type { Socket } from 'node:net';
import { loopTurn } from '../pacing/loopTurn.ts';
import { urgentTurn } from './urgentTurn.ts';

const connection = (remoteAddress: string) => ({ remoteAddress }) as Socket;

/** The order in which these go on, all asked for at once. */
async function orderOf(turns: readonly [string, () => Promise<void>][]): Promise<string[]> {
  const order: string[] = [];
  await Promise.all(turns.map(([name, turn]) => turn().then(() => void order.push(name))));
  return order;
}

it('lets one request of a connection go before all others, and the next of it once that is through', async () => {
  const greedy = connection('10.0.0.1');
  const turns = [
    ['page', () => loopTurn('request')],
    ['first', () => urgentTurn(greedy, 'stop')],
    ['second', () => urgentTurn(greedy, 'stop')],
    ['health', () => urgentTurn(greedy, 'health')],
    ['other', () => urgentTurn(connection('10.0.0.2'), 'stop')],
  ] as const satisfies readonly [string, () => Promise<void>][];
  for (let round = 0; round < 2; round++) {
    expect(await orderOf(turns)).toEqual(['first', 'other', 'health', 'page', 'second']);
  }
});

it('lets eight of a peer go before all others, whatever number of connections it has, and keeps nobody else behind them', async () => {
  const turns = Array.from({ length: 50 }, (_, i): [string, () => Promise<void>] => [
    `${i}`,
    () => urgentTurn(connection('10.0.0.1'), 'health'),
  ]);
  const order = await orderOf([
    ['page', () => loopTurn('request')],
    ...turns,
    ['other', () => urgentTurn(connection('10.0.0.2'), 'health')],
  ]);
  expect(order.slice(0, 10)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', 'other', 'page']);
});

it('counts a network of IPv6 as one peer', async () => {
  const turns = Array.from({ length: 20 }, (_, i): [string, () => Promise<void>] => [
    `${i}`,
    () => urgentTurn(connection(`2001:db8::${i + 1}`), 'stop'),
  ]);
  const order = await orderOf([['page', () => loopTurn('request')], ...turns]);
  expect(order.indexOf('page')).toBe(8);
});
