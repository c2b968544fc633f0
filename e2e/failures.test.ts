import { jest } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { freePort } from '../checks/loopbackProgram.ts';
import { GRAFANA_VERSIONS } from '../preview/server/grafanaLibraries.ts';
import { type Preview, startPreview } from '../preview/server/startPreview.ts';
import { seriousFindings } from './harness/accessibility.ts';
import { hasBrowser, launchBrowser, type Visitor, visit } from './harness/browser.ts';
import { type ServiceProcess, startServiceProcess } from './harness/serviceProcess.ts';

const FAILURES = '/a/evenkeel-loadbalancer-app/failures';
// A browser, a service and its pods share the machine with whatever else runs there.
jest.setTimeout(120_000);
const describeWithBrowser = hasBrowser() ? describe : describe.skip;

describeWithBrowser.each(GRAFANA_VERSIONS)(
  'the Failures page with the libraries of Grafana %s, on the real service',
  (grafana) => {
    let browser: Browser;
    let service: ServiceProcess;
    let preview: Preview;
    let admin: Visitor;
    let viewer: Visitor;

    beforeAll(async () => {
      // The service verifies who asks: a Viewer who is signed in may stop everything.
      const port = await freePort();
      [browser, service] = await Promise.all([launchBrowser(), startServiceProcess(`http://127.0.0.1:${port}`)]);
      preview = await startPreview({ port, serviceUrl: service.url, token: service.token, grafana });
      admin = await visit(browser, preview.url, FAILURES);
      viewer = await visit(browser, preview.url, FAILURES, { role: 'Viewer', theme: 'light' });
    }, 120_000);

    afterAll(async () => {
      await browser?.close();
      await preview?.stop();
      await service?.stop();
    });

    afterEach(() => {
      for (const { complaints } of [admin, viewer]) expect(complaints.splice(0)).toEqual([]);
    });

    test('the blast radius is shown before anything happens, and says why not', async () => {
      const { page } = admin;
      await page.getByRole('heading', { name: 'Blast radius' }).waitFor();
      await page.getByText('250 ms latency for 30 s').waitFor();
      await page.getByText('25 % of the healthy capacity; 3 of 4 healthy pods stay untouched.').waitFor();
      await page.getByText('Network partition').click();
      await page.getByRole('radio', { name: 'High: 50 % of the pods' }).click();
      await page.getByText('50 % of the healthy capacity; 2 of 4 healthy pods stay untouched.').waitFor();
      expect(await seriousFindings(page)).toEqual([]);

      await page.getByText('Latency', { exact: true }).click();
      await page.getByRole('spinbutton', { name: 'Number of pods' }).fill('3');
      await page.getByText('3 of 4 pods would be under faults (75 %); at most 50 % are allowed.').waitFor();
      expect(await page.getByRole('button', { name: 'Inject' }).isDisabled()).toBe(true);
      await page.getByRole('spinbutton', { name: 'Delay in milliseconds' }).fill('49');
      await page.getByText('49 is below 50 (allowed 50 to 1000)').waitFor();
    });

    test('a fault is confirmed, counts down in front of everybody, and is taken back', async () => {
      const { page } = admin;
      await page.goto(FAILURES);
      // Long enough for the slowest machine: nothing here waits for the fault to end by itself.
      await page.getByRole('spinbutton', { name: 'Duration in seconds' }).fill('600');
      await page.getByText('250 ms latency for 10 min').waitFor();
      await page.getByRole('button', { name: 'Inject' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText(/250 ms latency on pod-\d, for 10 min\. 25 % of the healthy capacity is hit\./).waitFor();
      await dialog.getByRole('button', { name: 'Inject' }).click();
      await page.getByText('Active', { exact: true }).waitFor();
      await page.getByRole('timer').waitFor();
      await page
        .getByText(/is under the fault|at most 50 % are allowed|3 of 3|2 of 3 healthy pods/)
        .first()
        .waitFor();
      expect(await seriousFindings(page)).toEqual([]);

      await viewer.page.getByRole('timer').waitFor();
      expect(await viewer.page.getByRole('button', { name: 'Revert' }).count()).toBe(0);
      expect(await viewer.page.getByRole('button', { name: 'Inject' }).count()).toBe(0);
      expect(await viewer.page.getByRole('button', { name: 'Stop everything' }).count()).toBe(1);
      expect(await seriousFindings(viewer.page)).toEqual([]);

      await page.getByRole('button', { name: 'Revert' }).click();
      await page.getByText('No fault is active.').waitFor();
      await page.getByRole('cell', { name: 'reverted by a person' }).waitFor();
    });

    test('anybody who is signed in pulls the safety lever; only an Admin releases it', async () => {
      const { page } = admin;
      await page.getByText('Errors', { exact: true }).click();
      await page.getByText('20 % errors (status 503) for 10 min').waitFor();
      await page.getByRole('button', { name: 'Inject' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Inject' }).click();
      await page.getByText('Active', { exact: true }).waitFor();

      await viewer.page.getByRole('button', { name: 'Stop everything' }).click();
      await viewer.page.getByRole('dialog').getByRole('button', { name: 'Stop everything' }).click();
      await viewer.page.getByText('An Admin can release the safety lever on this page.').waitFor();
      await page.getByText('No fault is active.').waitFor();
      await page.getByRole('cell', { name: 'the safety lever' }).waitFor();
      await page.getByRole('button', { name: 'Release the safety lever' }).click();
      await page.getByRole('button', { name: 'Release the safety lever' }).waitFor({ state: 'detached' });
    });
  }
);
