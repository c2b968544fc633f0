import { ServiceClock, steadyNow } from './serviceClock.ts';

const HOUR_MS = 3_600_000;

function machine() {
  const state = { wall: 10 * HOUR_MS, forward: 5, busy: false };
  const pass = (ms: number) => {
    state.wall += ms;
    state.forward += ms;
  };
  const clock = new ServiceClock(
    () => state.busy,
    () => state.wall,
    () => state.forward
  );
  return { state, pass, clock };
}

it.each([-HOUR_MS, HOUR_MS])('counts on while something goes on and the machine is set by %d ms', (step) => {
  const { state, pass, clock } = machine();
  pass(1000);
  const begun = clock.now();
  expect(begun).toBe(10 * HOUR_MS + 1000);
  state.busy = true;
  pass(2000);
  state.wall += step;
  pass(3000);
  expect(clock.now() - begun).toBe(5000);
  expect(clock.onWall(begun)).toBe(state.wall - 5000);
});

it('goes by the machine when nothing goes on', () => {
  const { state, pass, clock } = machine();
  state.busy = true;
  state.wall -= HOUR_MS;
  clock.now();
  state.busy = false;
  pass(1000);
  expect(clock.now()).toBe(state.wall);
  expect(clock.onWall(7)).toBe(7);
});

it('reads the wall once for a run of its own', () => {
  let [wall, forward] = [HOUR_MS, 0.25];
  const now = steadyNow(
    () => wall,
    () => forward
  );
  wall = 0;
  forward += 1500.5;
  expect(now()).toBe(HOUR_MS + 1500);
});
