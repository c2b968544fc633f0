import type { Logger } from 'pino';
import { ReadinessLog } from './readinessLog.ts';

it('says what changes, and only that', () => {
  const lines: string[] = [];
  const log = new ReadinessLog({
    warn: ({ problems }: { problems: string[] }, message: string) => lines.push(`${message}: ${problems.join(' ')}`),
    info: (message: string) => lines.push(message),
  } as unknown as Logger);
  for (const problems of [['slow'], ['slow'], [], [], ['full'], ['full', 'engaged'], []]) log.look(problems);
  expect(lines).toEqual(['not ready: slow', 'ready', 'not ready: full', 'not ready: full engaged', 'ready']);
});
