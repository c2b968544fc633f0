import { jest } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { GRAFANA_VERSIONS } from '../preview/server/grafanaLibraries.ts';
import { type Preview, startPreview } from '../preview/server/startPreview.ts';
import { hasBrowser, launchBrowser, visit } from './harness/browser.ts';
import { MANY_PODS_RUN, startManyPods } from './harness/manyPods.ts';

jest.setTimeout(120_000);
const LIVE = `/a/evenkeel-loadbalancer-app/load-test?run=${MANY_PODS_RUN}`;

(hasBrowser() ? describe : describe.skip).each(GRAFANA_VERSIONS)(
  'a thousand pods with the libraries of Grafana %s',
  (grafana) => {
    let browser: Browser;
    let preview: Preview;
    let service: Awaited<ReturnType<typeof startManyPods>>;

    beforeAll(async () => {
      service = await startManyPods(1000, 200);
      preview = await startPreview({ port: 0, serviceUrl: service.url, token: 'x', grafana });
      browser = await launchBrowser();
    }, 120_000);

    afterAll(async () => {
      await browser?.close();
      await preview?.stop();
      service?.stop();
    });

    test('only rows in view exist, and sorting, finding and scrolling reach all of them', async () => {
      const { page, context, complaints } = await visit(browser, preview.url, LIVE);
      const table = page.getByRole('table').filter({ hasText: 'vs expected' });
      await table.getByText('shop-7d9f-0001').waitFor();
      expect(await table.getByRole('row').count()).toBeLessThan(50);
      expect(await table.getAttribute('aria-rowcount')).toBe('1001');

      await table.getByRole('button', { name: 'Pod' }).click();
      await table.getByText('shop-7d9f-1000').waitFor();
      await page.getByRole('region', { name: 'Pods, scrollable' }).evaluate((element) => element.scrollTo(0, 1e6));
      await table.getByText('shop-7d9f-0001').waitFor();
      await page.getByRole('textbox', { name: 'Find a pod' }).fill('0777');
      await table.getByText('shop-7d9f-0777').waitFor();
      expect(await table.getByRole('row').count()).toBe(2);
      await page.getByRole('img', { name: /^1000 pods, 0 outside/ }).waitFor();
      expect(complaints).toEqual([]);
      await context.close();
    });
  }
);
