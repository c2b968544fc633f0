import { problemType } from '@evenkeel/contract/problem';
import { serviceFailure } from './serviceFailure.ts';

const problem = {
  type: problemType('target-busy'),
  title: 'Busy',
  status: 409,
  detail: 'A run is active.',
  runId: 'run-1',
};

describe('why a call failed', () => {
  test('the service says so itself, as text or parsed', () => {
    for (const body of [problem, JSON.stringify(problem)]) {
      expect(serviceFailure(409, body)).toMatchObject({
        kind: 'problem',
        name: 'target-busy',
        detail: 'A run is active.',
        problem: { runId: 'run-1' },
      });
    }
  });

  test("a refused token is told apart from an ended session of Grafana's", () => {
    const refused = { type: problemType('not-signed-in'), title: 'x', status: 401, detail: 'The token is not valid.' };
    expect(serviceFailure(401, refused).kind).toBe('wrong-token');
    expect(serviceFailure(401, { message: 'Unauthorized' })).toMatchObject({ kind: 'grafana-refused', status: 401 });
  });

  test.each([502, 504])('an empty %p of the proxy means that nobody was reached', (status) => {
    expect(serviceFailure(status, '').kind).toBe('unreachable');
  });

  test("Grafana's own refusals name what to do", () => {
    expect(serviceFailure(403, { message: 'plugin proxy route access denied' }).detail).toMatch(/Editor role/);
    expect(serviceFailure(404, { message: 'plugin route match not found' }).detail).toMatch(/restart Grafana/);
  });

  test('no answer at all is the browser being offline', () => expect(serviceFailure(0, '').kind).toBe('offline'));

  test('an answer of something else is not taken for a problem of the service', () =>
    expect(serviceFailure(500, '<html>nginx</html>')).toMatchObject({ kind: 'unexpected-answer', problem: null }));
});
