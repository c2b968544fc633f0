import { expect, test } from '@grafana/plugin-e2e';

const pluginId = 'evenkeel-loadbalancer-app';

let complaints: string[];
test.beforeEach(({ page }) => {
  complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
});
test.afterEach(() => expect(complaints).toEqual([]));

test('the configuration reaches the service', async ({ gotoAppPage, page }) => {
  await gotoAppPage({ pluginId, path: '/configuration' });
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await expect(page.getByRole('heading', { name: 'The connection works' })).toBeVisible();
});

test('the configuration is also a tab on the page about the plugin', async ({ page }) => {
  await page.goto(`/plugins/${pluginId}?page=configuration`);
  await expect(page.getByLabel('Service URL')).toBeVisible();
});

test('a test runs live through the plugin proxy, is stopped, and has its report', async ({
  gotoAppPage,
  page,
  scanForA11yViolations,
}) => {
  await gotoAppPage({ pluginId, path: '/load-test?form=new' });
  await page.getByRole('button', { name: 'Start test' }).click();
  // The first sample has come: events pass Grafana's proxy one by one, or nothing would be here before the end.
  await expect(page.getByRole('heading', { name: 'Load generator' })).toBeVisible();
  await expect(page.getByRole('progressbar', { name: 'Progress of the test' })).toBeVisible();
  const serious = (await scanForA11yViolations({ include: 'main' })).violations.filter(
    ({ impact }) => impact === 'serious' || impact === 'critical'
  );
  expect(serious).toEqual([]);

  await page.reload();
  await page.getByRole('button', { name: 'Stop test' }).click();
  await page.getByRole('link', { name: 'Open the report' }).click();
  await expect(page.getByRole('heading', { name: 'Latency in full' })).toBeVisible();
  await page.getByRole('button', { name: 'Export' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'JSON', exact: true }).click();
  expect((await download).suggestedFilename()).toMatch(/^evenkeel-.*\.json$/);
});

test('the run is in the history and leads to the dashboard of its time', async ({ gotoAppPage, page }) => {
  await gotoAppPage({ pluginId, path: '/results' });
  await page.getByRole('row').nth(1).getByRole('link').first().click();
  await page.getByRole('link', { name: 'Dashboard' }).click();
  await expect(page).toHaveURL(/\/d\/evenkeel-run/);
});

test('the blast radius of a fault is shown before it happens', async ({ gotoAppPage, page }) => {
  await gotoAppPage({ pluginId, path: '/failures' });
  await expect(page.getByText('What fails')).toBeVisible();
  await expect(
    page.getByText('There is no target whose pods can be broken').or(page.getByText(/healthy capacity/))
  ).toBeVisible();
});
