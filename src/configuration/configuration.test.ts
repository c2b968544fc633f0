import { API_VERSION, type Status } from '@evenkeel/contract/api';
import { STANDARD_LIMITS } from '@evenkeel/contract/limits';
import { problemType } from '@evenkeel/contract/problem';
import { serviceFailure } from '../service/serviceFailure.ts';
import { failureChecks, statusChecks } from './connectionChecks.ts';
import { normalServiceUrl } from './normalServiceUrl.ts';
import { serviceUrlProblem } from './serviceUrlProblem.ts';

const URL = 'http://evenkeel:8787';

describe('the service URL', () => {
  test.each([
    'http://evenkeel:8787',
    'https://evenkeel.example.org/base',
    ' http://127.0.0.1:8787/ ',
    'HTTP://[::1]:8787',
  ])('%s is fine', (url) => expect(serviceUrlProblem(url)).toBeNull());

  test.each([
    ['', /Enter the address/],
    ['evenkeel:8787', /Begin with http/],
    ['ftp://evenkeel', /Begin with http/],
    ['http://', /not an address/],
    ['http://a b', /not an address/],
    ['http://user:secret@evenkeel', /user name and password/],
    ['http://evenkeel?x=1', /from \? or #/],
    ['http://evenkeel:8787/api/v1', /Leave out \/api\/v1/],
  ])('%s is refused with a reason', (url, reason) => expect(serviceUrlProblem(url)).toMatch(reason));

  test('a slash at the end is not kept', () => expect(normalServiceUrl(' http://a:1// ')).toBe('http://a:1'));
});

describe('the connection test', () => {
  const status: Status = {
    service: 'evenkeel',
    version: '0.1.0',
    apiVersion: API_VERSION,
    now: 1_000_000,
    ready: true,
    problems: [],
    you: { subject: 'grafana', role: 'Viewer', verified: false },
    limits: STANDARD_LIMITS,
    safety: { engaged: false, reason: null, by: null, at: null },
    activeRuns: [],
  };
  const outcomes = (part: Partial<Status>, sentAt = 999_900, receivedAt = 1_000_100) =>
    statusChecks({ ...status, ...part }, URL, sentAt, receivedAt).map((check) => `${check.outcome}: ${check.title}`);

  test('all is well', () => expect(outcomes({}).every((line) => line.startsWith('ok'))).toBe(true));

  test('another version of the API names the side to update', () => {
    const [, newer] = statusChecks({ ...status, apiVersion: API_VERSION + 1 }, URL, 999_900, 1_000_100);
    const [, older] = statusChecks({ ...status, apiVersion: API_VERSION - 1 }, URL, 999_900, 1_000_100);
    expect(newer).toMatchObject({ outcome: 'failed', advice: 'Update the plugin.' });
    expect(older).toMatchObject({ outcome: 'failed', advice: 'Update the service.' });
  });

  test('a wrong clock is named with its direction; a slow answer is not taken for one', () => {
    expect(outcomes({ now: 1_060_000 })[2]).toMatch(/warning: .* 60 s ahead of/);
    expect(outcomes({ now: 900_000 })[2]).toMatch(/warning: .* 100 s behind/);
    expect(outcomes({ now: 990_000 }, 980_000, 1_000_000)[2]).toMatch(/^ok/);
  });

  test('a service that is not ready says why', () =>
    expect(
      statusChecks({ ...status, ready: false, problems: ['The disk is full.'] }, URL, 0, 2e6).at(-1)
    ).toMatchObject({
      outcome: 'warning',
      advice: 'The disk is full.',
    }));

  test.each([
    [502, '', /reached nobody at http:\/\/evenkeel:8787/],
    [
      401,
      { type: problemType('not-signed-in'), title: 'x', status: 401, detail: 'The token is not valid.' },
      /accept the token/,
    ],
    [401, { message: 'Unauthorized' }, /signed out/],
    [404, { message: 'plugin route match not found' }, /does not know this route/],
    [500, 'oops', /Something else answers/],
    [0, '', /Grafana cannot be reached/],
    [503, { type: problemType('not-ready'), title: 'The service is not ready', status: 503, detail: 'x' }, /not ready/],
  ])('status %p has a reason of its own', (code, body, title) => {
    const failed = failureChecks(serviceFailure(code, body), URL).filter((check) => check.outcome === 'failed');
    expect(failed).toHaveLength(1);
    expect(failed[0]!.title).toMatch(title);
    expect(failed[0]!.advice).not.toBe('');
  });
});
