import { readFileSync } from 'node:fs';
import { jest } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { GRAFANA_VERSIONS } from '../preview/server/grafanaLibraries.ts';
import { type Preview, startPreview } from '../preview/server/startPreview.ts';
import { seriousFindings } from './harness/accessibility.ts';
import { goTo, hasBrowser, launchBrowser, type Visitor, visit } from './harness/browser.ts';
import { type ServiceProcess, startServiceProcess } from './harness/serviceProcess.ts';

const APP = '/a/evenkeel-loadbalancer-app';
// A browser, a service and its pods share the machine with whatever else runs there.
jest.setTimeout(120_000);
const describeWithBrowser = hasBrowser() ? describe : describe.skip;

/** Tests follow each other as a person would: what one starts, the next one looks at. */
describeWithBrowser.each(GRAFANA_VERSIONS)(
  'the pages with the libraries of Grafana %s, on the real service',
  (grafana) => {
    let browser: Browser;
    let service: ServiceProcess;
    let preview: Preview;
    /** One browser for each look, kept from test to test: loading Grafana's libraries anew is most of the time. */
    const visitors = new Map<string, Visitor>();

    const open = async (path: string, look: Parameters<typeof visit>[3] = {}): Promise<Visitor> => {
      const key = JSON.stringify(look);
      const known = visitors.get(key);
      if (known) {
        await goTo(known.page, APP + path);
        return known;
      }
      const visitor = await visit(browser, preview.url, APP + path, look);
      visitors.set(key, visitor);
      return visitor;
    };

    beforeAll(async () => {
      [browser, service] = await Promise.all([launchBrowser(), startServiceProcess()]);
      preview = await startPreview({ port: 0, serviceUrl: service.url, token: service.token, grafana });
    }, 120_000);

    afterAll(async () => {
      await browser?.close();
      await preview?.stop();
      await service?.stop();
    });

    afterEach(() => {
      for (const { complaints } of visitors.values()) expect(complaints.splice(0)).toEqual([]);
    });

    let runAddress = '';

    test('the first test is two clicks away, and others join it', async () => {
      const { page } = await open('/results');
      await page
        .getByText(grafana === '12.4' ? /Libraries: 12\.4\.\d+, React 18\./ : /Libraries: 13\.2\.\d+, React 19\./)
        .waitFor();
      await page.getByRole('link', { name: 'Go to the first test' }).click();
      await page.getByRole('button', { name: 'Start your first test' }).click();
      await page.getByRole('heading', { name: 'Load generator' }).waitFor();
      await page.getByRole('progressbar', { name: 'Progress of the test' }).waitFor();
      runAddress = new URL(page.url()).search;
      expect(runAddress).toMatch(/^\?run=/);

      await page.reload();
      await page.getByRole('cell').or(page.getByText('pod-4')).first().waitFor();
      await page.getByRole('button', { name: 'Stop test' }).waitFor();

      const viewer = await open('/load-test', { role: 'Viewer' });
      await viewer.page.waitForURL(`**/load-test${runAddress}`);
      await viewer.page.getByRole('heading', { name: 'Share of the requests' }).waitFor();
      expect(await viewer.page.getByRole('button', { name: 'Stop test' }).count()).toBe(0);
      expect(await viewer.page.getByRole('button', { name: 'Stop everything' }).count()).toBe(1);
      expect(await seriousFindings(viewer.page)).toEqual([]);
      expect(await seriousFindings(page)).toEqual([]);

      await page.getByRole('button', { name: 'Stop test' }).click();
      await page.getByRole('link', { name: 'Open the report' }).waitFor();
      await viewer.page.getByRole('link', { name: 'Open the report' }).waitFor();
    });

    test("a test of one's own runs to its end and is judged", async () => {
      const { page } = await open('/load-test');
      await page.getByText('Spike', { exact: true }).click();
      await page.getByRole('button', { name: 'Remove stage 3' }).click();
      await page.getByRole('button', { name: 'Remove stage 2' }).click();
      await page.getByRole('spinbutton', { name: 'During, stage 1' }).fill('4');
      await page.getByText('The scenario cannot be started like this').waitFor();
      await page.getByLabel('Warm-up, not measured').fill('1');
      await page.getByText('The scenario cannot be started like this').waitFor({ state: 'detached' });
      await page.getByText('Spike, changed').waitFor();
      await page.getByRole('radio', { name: 'Users' }).check();
      expect(await page.getByRole('slider', { name: 'Users', exact: true }).getAttribute('aria-valuemax')).toBe('1000');
      expect(await seriousFindings(page)).toEqual([]);
      await page.getByRole('radio', { name: 'Request rate' }).check();
      expect(await seriousFindings(page)).toEqual([]);
      await page.getByRole('button', { name: 'Start test' }).click();
      const end = page.getByRole('region', { name: 'How the test ended' });
      await end.waitFor({ timeout: 30_000 });
      await end
        .getByText(/Passed|Failed|Inconclusive/)
        .first()
        .waitFor();
      await end.getByRole('link', { name: 'Open the report' }).click();
      await page.getByRole('heading', { name: 'Latency in full' }).waitFor();
    });

    test('a run is described, exported and run again', async () => {
      const { page } = await open('/results');
      await page.getByRole('row').nth(1).getByRole('link').click();
      await page.getByRole('button', { name: 'Add labels or a note' }).click();
      await page.getByRole('textbox', { name: /^Labels/ }).fill('build=142');
      await page.getByRole('textbox', { name: /^Labels/ }).press('Enter');
      await page.getByRole('textbox', { name: 'Note' }).fill('After the change of the pool');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('build=142').waitFor();
      await page.getByText('After the change of the pool').waitFor();

      for (const [format, proof] of [
        ['JSON', '"conclusion"'],
        ['Markdown', '# '],
        ['HTML', '<html'],
        ['JUnit XML', '<testsuite'],
      ] as const) {
        await page.getByRole('button', { name: 'Export' }).click();
        const download = page.waitForEvent('download');
        await page.getByRole('menuitem', { name: format, exact: true }).click();
        const file = await download;
        expect(file.suggestedFilename()).toMatch(/^evenkeel-.*\.(json|md|html|xml)$/);
        expect(readFileSync((await file.path())!, 'utf8')).toContain(proof);
      }
      expect(await page.getByRole('link', { name: 'Dashboard' }).getAttribute('href')).toMatch(
        /^\/d\/evenkeel-run\?from=\d+/
      );
      await page.getByRole('link', { name: 'Run again' }).click();
      await page.getByText('As in the run of Spike').waitFor();
      await page.getByRole('button', { name: 'Start test' }).waitFor();
    });

    test('two runs are compared, with the older one as the baseline', async () => {
      const { page } = await open('/results', { theme: 'light' });
      const boxes = page.getByRole('checkbox', { name: /^Compare the run/ });
      await boxes.first().waitFor();
      expect(await boxes.count()).toBe(2);
      await boxes.nth(0).check({ force: true });
      await boxes.nth(1).check({ force: true });
      await page.getByRole('button', { name: 'Compare (2 of 2)' }).click();
      await page.getByRole('heading', { name: 'What changed' }).waitFor();
      await page.getByRole('heading', { name: 'p99 latency' }).waitFor();
      await page.getByRole('region', { name: 'Candidate' }).getByText('build=142').waitFor();
      await page.getByRole('button', { name: 'Swap' }).click();
      await page.getByRole('region', { name: 'Baseline' }).getByText('build=142').waitFor();
    });

    test('the history is filtered, and the filter is in the address', async () => {
      const { page } = await open('/results?text=nothing-has-this-name');
      await page.getByText('No run fits this filter').waitFor();
      await page.getByRole('button', { name: 'Show all runs' }).click();
      await page.getByRole('button', { name: 'build=142' }).click();
      await page.waitForURL(/label=build(:|%3A)142/);
      await page.getByText('1 run', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'p99' }).click();
      await page.waitForURL(/sort=-p99/);
    });

    test('a Viewer sees everything and can change nothing', async () => {
      const { page, complaints } = await open('/load-test', { role: 'Viewer' });
      await page.getByText('starting a test needs the Editor role').waitFor();
      expect(await page.getByRole('button', { name: /Start/ }).count()).toBe(0);
      expect(await page.getByRole('link', { name: 'Configuration' }).count()).toBe(0);
      expect(await page.getByLabel('Path').isDisabled()).toBe(true);
      const status = await page.evaluate(async (app) => {
        const id = app.split('/').at(-1);
        const answer = await fetch(`/api/plugin-proxy/${id}/api/v1/runs`, { method: 'POST', body: '{}' });
        return answer.status;
      }, APP);
      expect(status).toBe(403);
      // The browser itself reports the refusal that the test provoked.
      expect(complaints.splice(0)).toEqual([expect.stringContaining('403')]);
    });

    test('everything is stopped by an Editor, and released by an Admin', async () => {
      const started = await open('/load-test?form=new');
      await started.page.getByRole('button', { name: 'Start test' }).click();
      await started.page.getByRole('button', { name: 'Stop test' }).waitFor();
      const { page } = await open('/load-test', { role: 'Editor' });
      // Who arrives anew joins the test; who was on the page is only told of it.
      await page.reload();
      await page.getByRole('button', { name: 'Stop everything' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Stop everything' }).click();
      await page.getByRole('region', { name: 'How the test ended' }).waitFor();
      await started.page.goto(`${APP}/load-test?form=new`);
      await started.page.getByRole('button', { name: 'Release the safety lever' }).click();
      await started.page.getByText('nothing new can be started').waitFor({ state: 'detached' });
    });

    test('every page is readable in both themes, and fits a screen of 1024 px', async () => {
      const { page } = await open('/results');
      await page.getByRole('row').nth(1).getByRole('link').waitFor();
      const links = await page
        .getByRole('row')
        .getByRole('link')
        .evaluateAll((all) => all.map((one) => one.getAttribute('href')));
      const [latest, earlier] = links.map((link) => link?.split('/').at(-1));
      await page.setViewportSize({ width: 1024, height: 768 });
      const pages: [path: string, proof: string][] = [
        ['/load-test?form=new', 'Thresholds'],
        [`/load-test?run=${latest}`, 'Requests in full'],
        ['/failures', 'Blast radius'],
        ['/results', 'Scenario and target'],
        [`/results/${latest}`, 'Latency in full'],
        [`/results/compare?candidate=${latest}&baseline=${earlier}`, 'p99 latency'],
        ['/configuration', 'Evenkeel service'],
      ];
      const findings: Record<string, string[]> = {};
      for (const [path, proof] of pages) {
        await goTo(page, APP + path);
        await page.getByText(proof, { exact: true }).first().waitFor();
        findings[`${path} dark`] = await seriousFindings(page);
        await page.getByRole('button', { name: 'Change to the light theme' }).click();
        findings[`${path} light`] = await seriousFindings(page);
        await page.getByRole('button', { name: 'Change to the dark theme' }).click();
        const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        if (over !== 0) findings[`${path} width`] = [`${over} px too wide`];
      }
      expect(Object.entries(findings).filter(([, found]) => found.length > 0)).toEqual([]);
      await page.setViewportSize({ width: 1280, height: 800 });
    });

    test('a test is chosen, started and stopped by the keyboard alone', async () => {
      const { page } = await open('/load-test?form=new');
      await page.getByRole('button', { name: 'Start test' }).waitFor();
      const tabTo = async (name: RegExp) => {
        for (let presses = 0; presses < 60; presses++) {
          await page.keyboard.press('Tab');
          const focused = await page.evaluate<string>(
            '(document.activeElement?.labels?.[0] ?? document.activeElement)?.textContent ?? ""'
          );
          if (name.test(focused)) return;
        }
        throw new Error(`no Tab leads to ${name}`);
      };
      await tabTo(/^High traffic/);
      await page.keyboard.press('ArrowRight');
      await page
        .getByRole('heading', { name: 'Spike', exact: true })
        .or(page.locator('legend', { hasText: /^Spike$/ }))
        .waitFor();
      await page.getByRole('link', { name: 'Load test' }).focus();
      await tabTo(/^Start test$/);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Stop test' }).waitFor();
      await tabTo(/^Stop test$/);
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: 'Open the report' }).waitFor();
    });

    test('a lost connection says so, and comes back', async () => {
      const flaky = await startPreview({ port: 0, serviceUrl: service.url, token: service.token, grafana });
      const { page, context } = await visit(browser, flaky.url, `${APP}/load-test?form=new`);
      await page.getByRole('button', { name: 'Start test' }).click();
      await page.getByRole('heading', { name: 'Load generator' }).waitFor();
      await flaky.stop();
      await page.getByText(/^Reconnecting/).waitFor();
      const again = await startPreview({
        port: Number(new URL(flaky.url).port),
        serviceUrl: service.url,
        token: service.token,
        grafana,
      });
      await page.getByText(/^Reconnecting/).waitFor({ state: 'detached', timeout: 25_000 });
      await page.getByRole('button', { name: 'Stop test' }).click();
      await page.getByRole('link', { name: 'Open the report' }).waitFor();
      await context.close();
      await again.stop();
    });
  }
);

describeWithBrowser.each(GRAFANA_VERSIONS)('the configuration page with the libraries of Grafana %s', (grafana) => {
  let browser: Browser;
  let service: ServiceProcess;
  let preview: Preview;

  beforeAll(async () => {
    [browser, service] = await Promise.all([launchBrowser(), startServiceProcess()]);
    preview = await startPreview({ port: 0, serviceUrl: 'http://127.0.0.1:1', grafana });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await preview?.stop();
    await service?.stop();
  });

  test('names the reason for every way in which the connection can fail', async () => {
    const { page, context } = await visit(browser, preview.url, `${APP}/load-test`);
    await page.getByText('The Evenkeel service cannot be reached').waitFor();
    await page.getByRole('link', { name: 'Open the configuration' }).click();

    const url = page.getByLabel('Service URL');
    const save = page.getByRole('button', { name: /Save and test|Test the connection/ });
    await save.click();
    await page.getByText('Grafana reached nobody at http://127.0.0.1:1').waitFor();

    await url.fill(service.url.replace('http://', ''));
    await save.click();
    await page.getByText('Begin with http:// or https://').waitFor();

    await url.fill(`${service.url}/`);
    await page.getByLabel('Token').fill('a-token-that-is-wrong');
    await save.click();
    await page.getByText('The service does not accept the token').waitFor();

    await url.fill(preview.url);
    await save.click();
    await page
      .getByText(`Something else answers at ${preview.url}`)
      .or(page.getByText('does not know this route'))
      .waitFor();

    await url.fill(`${service.url}/`);
    await page.getByRole('button', { name: 'Reset' }).click();
    await page.getByLabel('Token').fill(service.token);
    await save.click();
    await page.getByRole('heading', { name: 'The connection works' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(await page.content()).not.toContain(service.token);
    await context.close();
  });
});
