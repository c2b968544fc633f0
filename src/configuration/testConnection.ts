import { statusSchema } from '@evenkeel/contract/api';
import { z } from 'zod';
import { callServiceForText } from '../service/callService.ts';
import { failureOf, unexpectedAnswer } from '../service/serviceFailure.ts';
import { type Check, failureChecks, statusChecks, versionCheck } from './connectionChecks.ts';

/** The part of the status that every version has. */
const anyVersionSchema = z.object({ service: z.literal('evenkeel'), apiVersion: z.int(), version: z.string() });

/** Asks the service how it is, by the saved settings, and says what every possible answer means. */
export async function testConnection(serviceUrl: string): Promise<Check[]> {
  const sentAt = Date.now();
  let text: string;
  try {
    text = await callServiceForText({ path: 'status' });
  } catch (thrown) {
    return failureChecks(failureOf(thrown), serviceUrl);
  }
  const receivedAt = Date.now();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return failureChecks(unexpectedAnswer('the answer', 'it is not JSON'), serviceUrl);
  }
  const anyVersion = anyVersionSchema.safeParse(json);
  if (!anyVersion.success) {
    return failureChecks(unexpectedAnswer('the answer', 'it is not the status of an Evenkeel service'), serviceUrl);
  }
  const status = statusSchema.safeParse(json);
  if (status.success) return statusChecks(status.data, serviceUrl, sentAt, receivedAt);
  const version = versionCheck(anyVersion.data.apiVersion, anyVersion.data.version);
  if (version.outcome === 'failed') return [version];
  return [
    {
      outcome: 'failed',
      title: `The service is version ${anyVersion.data.version}, whose answers this plugin does not understand`,
      advice: 'Plugin and service are of different builds; install both from the same release.',
    },
  ];
}
