import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ClusterParentReport } from './testing/clusterParent.ts';
import { eventually } from './testing/eventually.ts';
import { childrenRunning, groupMembers, listens, runs } from './testing/processTable.ts';
import { describeWith } from './testing/programs.ts';

const PARENT = fileURLToPath(new URL('./testing/clusterParent.ts', import.meta.url));

interface Running extends ClusterParentReport {
  readonly parent: ChildProcess;
}

async function startParent(flags: Record<string, string>): Promise<Running> {
  const parent = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PARENT, JSON.stringify(flags)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: parent.stdout! })) {
    return { parent, ...(JSON.parse(line) as ClusterParentReport) };
  }
  throw new Error('the parent ended before its cluster ran');
}

async function expectNothingLeft({ processes, ports }: ClusterParentReport, groups: readonly number[]): Promise<void> {
  const left = () => [...processes.map(({ pid }) => pid).filter(runs), ...groups.flatMap(groupMembers)];
  await eventually(() => left().length === 0, 'every process is gone');
  // The other threads of a killed process may hold its sockets a moment longer.
  for (const port of ports) await eventually(async () => !(await listens(port)), `port ${port} is free`);
}

function groupOf({ processes }: ClusterParentReport): number {
  return processes.find(({ role }) => role === 'balancer')!.pid;
}

describe('the parent is killed', () => {
  test.each([
    [{ pods: '3' }, 5],
    [{ pods: '2', balancers: '2' }, 6],
    [{ pods: '1', mode: 'connection' }, 3],
  ])('nothing of %j is left', async (flags, count) => {
    const cluster = await startParent(flags);
    expect(cluster.processes).toHaveLength(count);
    expect(cluster.processes.every(({ pid }) => runs(pid))).toBe(true);
    for (const port of cluster.ports) expect(await listens(port)).toBe(true);
    cluster.parent.kill('SIGKILL');
    await expectNothingLeft(cluster, []);
  });

  test('not even a pod that cannot act any more', async () => {
    const cluster = await startParent({ pods: '2' });
    process.kill(cluster.processes.find(({ role }) => role === 'pod-1')!.pid, 'SIGSTOP');
    cluster.parent.kill('SIGKILL');
    await expectNothingLeft(cluster, []);
  });

  test('not even when the reaper was killed before', async () => {
    const cluster = await startParent({ pods: '2' });
    process.kill(cluster.processes.find(({ role }) => role === 'reaper')!.pid, 'SIGKILL');
    cluster.parent.kill('SIGKILL');
    await expectNothingLeft(cluster, []);
  });
});

for (const program of ['nginx', 'haproxy'] as const) {
  describeWith(program, () => {
    test('is gone with all its workers when the parent is killed', async () => {
      const cluster = await startParent({ pods: '1', balancer: program });
      const group = groupOf(cluster);
      expect(groupMembers(group).length).toBeGreaterThanOrEqual(2);
      cluster.parent.kill('SIGKILL');
      await expectNothingLeft(cluster, [group]);
    });

    test('is gone when the parent is killed after the reaper was replaced', async () => {
      const cluster = await startParent({ pods: '1', balancer: program });
      const group = groupOf(cluster);
      const reaper = cluster.processes.find(({ role }) => role === 'reaper')!.pid;
      process.kill(reaper, 'SIGKILL');
      await eventually(
        () => childrenRunning(cluster.parent.pid!, '/bin/sh').some((pid) => pid !== reaper),
        'there is another reaper'
      );
      cluster.parent.kill('SIGKILL');
      await expectNothingLeft(cluster, [group]);
    });
  });
}

test('folders of killed parents are removed by the next one', async () => {
  const { createScratchFolder } = await import('./balancers/scratchFolder.ts');
  const { mkdtempSync, rmSync } = await import('node:fs');
  const abandoned = mkdtempSync(`${tmpdir()}/evenkeel-4194304-`);
  const ours = createScratchFolder();
  expect(existsSync(abandoned)).toBe(false);
  expect(readdirSync(tmpdir())).toContain(ours.split('/').at(-1));
  rmSync(ours, { recursive: true });
});
