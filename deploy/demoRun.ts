/** Starts one run as soon as the service is ready, so that a new stack opens with data on the screen. Then it is done. */
import { readFileSync } from 'node:fs';
import type { StartRunInput } from '@evenkeel/contract/api';

const PATIENCE_MS = 60_000;
const PAUSE_MS = 1000;

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
        { metric: 'balance', op: '>=', value: 95 },
      ],
    },
    note: 'Started by docker compose.',
  };
}

/**
 * Posts the run until the service takes it. A target that is busy already is as good: there is data then.
 * Returns what happened, for people; rejects with a message for people.
 */
export async function startDemoRun(
  serviceUrl: string,
  token: string,
  targetId: string,
  patienceMs: number
): Promise<string> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const { status, text } = await post(serviceUrl, token, demoRun(targetId));
    if (status === 201 || status === 202 || status === 200) return `the demo run on ${targetId} has begun`;
    if (status === 409) return `${targetId} is being loaded already`;
    const passing = status === 0 || status === 429 || status >= 500;
    if (!passing || performance.now() > until) throw new Error(`the demo run could not be started: ${text}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function post(serviceUrl: string, token: string, run: StartRunInput): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(`${serviceUrl}/api/v1/runs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(run),
      signal: AbortSignal.timeout(5000),
    });
    return { status: response.status, text: `${response.status} ${(await response.text()).slice(0, 500)}` };
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
