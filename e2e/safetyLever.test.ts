import type { AuditList } from '@evenkeel/contract/api';
import type { Role } from '@evenkeel/contract/role';
import { freePort } from '../checks/loopbackProgram.ts';
import { type Preview, startPreview } from '../preview/server/startPreview.ts';
import { type ServiceProcess, startServiceProcess } from './harness/serviceProcess.ts';

/* The safety lever through a proxy that signs identities as Grafana does, on a service that verifies them. */
describe('the safety lever behind a proxy that signs who asks', () => {
  let service: ServiceProcess;
  let preview: Preview;
  beforeAll(async () => {
    const port = await freePort();
    service = await startServiceProcess(`http://127.0.0.1:${port}`);
    preview = await startPreview({ port, serviceUrl: service.url, token: service.token });
  }, 120_000);
  afterAll(async () => {
    await preview?.stop();
    await service?.stop();
  });

  const asked = (role: Role, method: string, path: string) =>
    fetch(`${preview.url}/api/plugin-proxy/evenkeel-loadbalancer-app/api/v1${path}`, {
      method,
      headers: { cookie: `evenkeel_preview_role=${role}`, 'content-type': 'application/json' },
      body: method === 'GET' ? undefined : '{}',
    });

  test('is pulled by a Viewer who is signed in and released by an Admin, and the audit log names both', async () => {
    expect((await asked('Viewer', 'POST', '/safety/stop-all')).status).toBe(200);
    expect((await asked('Viewer', 'POST', '/safety/stop-all-as-editor')).status).toBe(403);
    expect((await asked('Editor', 'POST', '/safety/stop-all-as-editor')).status).toBe(200);
    expect((await asked('Editor', 'POST', '/safety/release')).status).toBe(403);
    expect((await asked('Admin', 'POST', '/safety/release')).status).toBe(200);
    const { entries } = (await (await asked('Admin', 'GET', '/audit')).json()) as AuditList;
    expect(entries.map(({ subject, verified }) => [subject, verified])).toEqual([
      ['user:admin', true],
      ['user:editor', true],
      ['user:viewer', true],
    ]);
  });

  test('is out of reach for whoever comes by the same route without a signature', async () => {
    const anonymous = await fetch(`${service.url}/api/v1/safety/stop-all`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${service.token}`,
        'x-evenkeel-role': 'Viewer',
        'content-type': 'application/json',
      },
      body: '{}',
    });
    expect(anonymous.status).toBe(403);
    expect(await anonymous.text()).toContain('somebody who signed in');
  });
});
