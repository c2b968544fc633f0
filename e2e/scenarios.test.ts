import { readFileSync } from 'node:fs';
import { jest } from '@jest/globals';
import type { Browser } from 'playwright-core';

import { type Preview, startPreview } from '../preview/server/startPreview.ts';
import { parseScenarioText } from '../sidecar/src/scenarios/scenarioText.ts';
import { seriousFindings } from './harness/accessibility.ts';
import { hasBrowser, launchBrowser, visit } from './harness/browser.ts';
import { type ServiceProcess, startServiceProcess } from './harness/serviceProcess.ts';

const APP = '/a/evenkeel-loadbalancer-app';
jest.setTimeout(120_000);
const describeWithBrowser = hasBrowser() ? describe : describe.skip;

describeWithBrowser('the scenarios of the page, on the real service', () => {
  let browser: Browser;
  let service: ServiceProcess;
  let preview: Preview;

  beforeAll(async () => {
    [browser, service] = await Promise.all([launchBrowser(), startServiceProcess()]);
    preview = await startPreview({ port: 0, serviceUrl: service.url, token: service.token });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await preview?.stop();
    await service?.stop();
  });

  test('are duplicated, changed, exported, imported and deleted', async () => {
    const { page, complaints } = await visit(browser, preview.url, `${APP}/load-test?form=new`);
    const card = (name: string) => page.getByRole('radio', { name: new RegExp(`^${name}`) });
    const choose = async (item: string) => {
      await page.getByRole('button', { name: 'More for this scenario' }).click();
      await page.getByRole('menuitem', { name: item }).click();
    };

    await page.getByText('Spike', { exact: true }).click();
    await choose('Duplicate');
    await card('Spike \\(copy\\)').waitFor({ state: 'attached' });
    expect(await card('Spike \\(copy\\)').isChecked()).toBe(true);

    await page.getByLabel('Warm-up, not measured').fill('7');
    await page.getByLabel('Path', { exact: true }).fill('/Search?q=%c3');
    await page.getByLabel('Headers, one per line').fill('Cookie: a=1\nX-Tenant: a\nCookie: b=2\nx-tenant: b');
    await page.getByText('Spike (copy), changed').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Spike (copy), changed').waitFor({ state: 'detached' });

    const download = page.waitForEvent('download');
    await choose('Export as YAML');
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^spike-copy-.*\.yaml$/);
    const text = readFileSync((await file.path())!, 'utf8');
    expect(text).toContain('kind: spike');
    expect(text).toContain('warmupSeconds: 7');
    // What was typed, in its order and case.
    expect(parseScenarioText(text).request).toMatchObject({
      path: '/Search?q=%c3',
      headers: [
        ['Cookie', 'a=1'],
        ['X-Tenant', 'a'],
        ['Cookie', 'b=2'],
        ['x-tenant', 'b'],
      ],
    });

    const bring = (name: string, content: string) =>
      page.getByLabel('Scenario file').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });
    const complained = page.waitForEvent('console');
    await bring('bad.yaml', text.replace('warmupSeconds: 7', 'warmupSeconds: 700'));
    await page
      .getByText(/line \d+: 700 is above 120 \(allowed 0 to 120\)/)
      .first()
      .waitFor();
    // The browser itself reports the refusal that the test provoked.
    await complained;
    expect(complaints.splice(0)).toEqual([expect.stringContaining('400')]);
    await bring('good.yaml', text.replace('Spike (copy)', 'From a file'));
    await card('From a file').waitFor({ state: 'attached' });
    expect(await card('From a file').isChecked()).toBe(true);

    await choose('Delete');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await card('From a file').waitFor({ state: 'detached' });
    expect(await card('High traffic').isChecked()).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('say what a search judges its steps by', async () => {
    const { page, complaints } = await visit(browser, preview.url, `${APP}/load-test?form=new`);
    await page.getByText('Gradual ramp', { exact: true }).click();
    await page.getByLabel('p95 at most').fill('0');
    await page.getByText('The scenario cannot be started like this').waitFor();
    await page.getByLabel('p95 at most').fill('250');
    await page.getByText('The scenario cannot be started like this').waitFor({ state: 'detached' });
    await page.getByText('Gradual ramp, changed').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('can be exported by a Viewer, and nothing else', async () => {
    const { page, complaints } = await visit(browser, preview.url, `${APP}/load-test`, { role: 'Viewer' });
    await page.getByRole('button', { name: 'More for this scenario' }).click();
    expect(await page.getByRole('menuitem').allTextContents()).toEqual(['Export as YAML', 'Export as JSON']);
    expect(await page.getByRole('button', { name: 'Import a scenario' }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
