import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccessLog } from './accessLog.ts';

test('counts lines as they grow, whatever the pieces', async () => {
  const path = join(tmpdir(), `access-log-test-${process.pid}.log`);
  writeFileSync(path, '');
  try {
    const log = new AccessLog(path);
    await log.read();
    expect(log.counts.size).toBe(0);
    appendFileSync(path, '127.0.0.1:81\n127.0.0.1:82, 127.0.0.1:81\n-\npods\n127.0');
    await Promise.all([log.read(), log.read()]);
    appendFileSync(path, '.0.1:82\n');
    await log.read();
    expect(Object.fromEntries(log.counts)).toEqual({
      '127.0.0.1:81': { decisions: 1, attempts: 2 },
      '127.0.0.1:82': { decisions: 2, attempts: 2 },
    });
  } finally {
    rmSync(path);
  }
});
