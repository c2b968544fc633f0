import { FAULT_STATES, isFaultOver } from '@evenkeel/contract/fault';
import { mayFollow } from './faultMachine.ts';

it('from every state that is not final there is a way to a revert, and from no final one', () => {
  for (const state of FAULT_STATES) expect(mayFollow(state, 'reverting')).toBe(!isFaultOver(state));
});

it('nothing is over without having been reverted', () => {
  for (const state of FAULT_STATES.filter((each) => each !== 'reverting')) {
    expect([mayFollow(state, 'reverted'), mayFollow(state, 'not-effective')]).toEqual([false, false]);
  }
});

it('a fault becomes active only by being injected', () => {
  expect(FAULT_STATES.filter((state) => mayFollow(state, 'active'))).toEqual(['injecting']);
});
