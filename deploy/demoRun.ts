/** Starts one run as soon as the service is ready, so that a new stack opens with data on the screen. Then it is done. */
import { readFileSync } from 'node:fs';
import type { StartRunInput } from '@evenkeel/contract/api';
import type { Run } from '@evenkeel/contract/run';

const PATIENCE_MS = 60_000;
const PAUSE_MS = 2000;

/** Ten minutes, gently: enough for every panel to have something to say, and a laptop does not notice. */
export function demoRun(targetId: string): StartRunInput {
  return {
    targetId,
    scenario: {
      name: 'Demo',
      description: 'The run that docker compose starts: quiet, a busy middle, quiet again.',
      load: {
        model: 'rate',
        stages: [
          { from: 0, to: 60, durationSeconds: 15 },
          { from: 60, to: 60, durationSeconds: 225 },
          { from: 60, to: 180, durationSeconds: 30 },
          { from: 180, to: 180, durationSeconds: 120 },
          { from: 180, to: 60, durationSeconds: 30 },
          { from: 60, to: 60, durationSeconds: 180 },
        ],
      },
      warmupSeconds: 5,
      thresholds: [
        { metric: 'p99', op: '<', value: 500 },
        { metric: 'errorRate', op: '<', value: 1 },
      ],
    },
    note: 'Started by docker compose.',
  };
}

/**
 * Starts the run, again and again until it really loads the target. A target that is busy already is as good: there is data then.
 * Returns what happened, for people; rejects with a message for people.
 */
export async function startDemoRun(
  serviceUrl: string,
  token: string,
  targetId: string,
  patienceMs: number,
  pauseMs = PAUSE_MS
): Promise<string> {
  const pause = () => new Promise((resolve) => setTimeout(resolve, pauseMs));
  const runs = `${serviceUrl}/api/v1/runs`;
  const until = performance.now() + patienceMs;
  for (;;) {
    const { status, text } = await call(runs, token, demoRun(targetId));
    if (status === 409) return `${targetId} is being loaded already`;
    const isAccepted = status >= 200 && status < 300;
    const problem = isAccepted
      ? await failureOf(`${runs}/${(JSON.parse(text) as Run).id}`, token, pause)
      : `${status} ${text}`;
    if (problem === null) return `the demo run on ${targetId} has begun`;
    const mayPass = isAccepted || status === 0 || status === 429 || status >= 500;
    if (!mayPass || performance.now() > until) throw new Error(`the demo run could not be started: ${problem}`);
    await pause();
  }
}

/** Waits until the run loads its target, or has failed to: then why. */
async function failureOf(run: string, token: string, pause: () => Promise<unknown>): Promise<string | null> {
  for (;;) {
    const { status, text } = await call(run, token);
    if (status !== 200) return `${status} ${text}`;
    const { state, reason } = JSON.parse(text) as Run;
    if (state !== 'pending') return state === 'failed' ? (reason ?? state) : null;
    await pause();
  }
}

/** Gets, or posts a run. Status 0 when nobody answered. */
async function call(url: string, token: string, run?: StartRunInput): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, {
      method: run ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: run ? JSON.stringify(run) : undefined,
      signal: AbortSignal.timeout(5000),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    return { status: 0, text: (error as Error).message };
  }
}

if (import.meta.main) {
  const { SERVICE_URL = 'http://evenkeel:8787', TOKEN_FILE = '/secrets/demo/token', TARGET = 'shop' } = process.env;
  try {
    const token = readFileSync(TOKEN_FILE, 'utf8').trim();
    console.log(`evenkeel: ${await startDemoRun(SERVICE_URL, token, TARGET, PATIENCE_MS)}.`);
  } catch (error) {
    console.error(`evenkeel: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
