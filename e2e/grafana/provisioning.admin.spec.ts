import { expect, test } from '@grafana/plugin-e2e';

test('dashboards, data source and alert rules are provisioned', async ({ request }) => {
  for (const uid of ['evenkeel-overview', 'evenkeel-run', 'evenkeel-service']) {
    expect((await request.get(`/api/dashboards/uid/${uid}`)).status(), uid).toBe(200);
  }
  expect((await request.get('/api/datasources/uid/evenkeel-prometheus')).status()).toBe(200);
  const rules: { title: string }[] = await (await request.get('/api/v1/provisioning/alert-rules')).json();
  expect(rules.length).toBeGreaterThan(0);
});
