import { parentPort, workerData } from 'node:worker_threads';
import type { Limits } from '@evenkeel/contract/limits';
import type { ReadText } from './scenarioReader.ts';
import { parseScenarioText, ScenarioTextError } from './scenarioText.ts';

const limits = workerData as Limits;

// The thread in which the service reads texts that somebody sent. Whatever goes wrong here that is not the text's fault ends it.
parentPort!.on('message', (text: string) => parentPort!.postMessage(readText(text)));

function readText(text: string): ReadText {
  try {
    return { scenario: parseScenarioText(text, limits) };
  } catch (error) {
    if (!(error instanceof ScenarioTextError)) throw error;
    return { problems: error.problems, more: error.more };
  }
}
