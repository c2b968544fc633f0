import { expect, test } from '@grafana/plugin-e2e';

const pluginId = 'evenkeel-loadbalancer-app';
const api = `/api/plugin-proxy/${pluginId}/api/v1`;

test('a Viewer sees the pages and no button that changes anything', async ({ gotoAppPage, page }) => {
  await gotoAppPage({ pluginId, path: '/load-test?form=new' });
  await expect(page.getByText('starting a test needs the Editor role')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start test' })).toHaveCount(0);
  await gotoAppPage({ pluginId, path: '/results' });
  await expect(page.getByRole('link', { name: 'New test' })).toHaveCount(0);
});

test('Grafana itself refuses what a Viewer may not do, whatever the page shows', async ({ request }) => {
  expect((await request.get(`${api}/status`)).status()).toBe(200);
  for (const path of ['/runs', '/faults', '/safety/release']) {
    expect((await request.post(api + path, { data: {} })).status(), path).toBe(403);
  }
});
