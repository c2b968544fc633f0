import { existsSync } from 'node:fs';
import type { Role } from '@evenkeel/contract/role';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Whether browser tests can run here. In CI they must. */
export function hasBrowser(): boolean {
  if (existsSync(CHROMIUM)) return true;
  if (process.env.CI === 'true')
    throw new Error(`browser tests need Chromium at ${CHROMIUM}; set CHROMIUM to its path`);
  console.warn(`browser tests are skipped: there is no Chromium at ${CHROMIUM}; set CHROMIUM to its path`);
  return false;
}

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Every error and warning on the console and every uncaught exception so far. */
  readonly complaints: string[];
}

interface Look {
  readonly role?: Role;
  readonly theme?: 'dark' | 'light';
  readonly width?: number;
}

/** A browser of one person: own cookies, own role, own theme. */
export async function visit(
  browser: Browser,
  baseUrl: string,
  path: string,
  { role = 'Admin', theme = 'dark', width = 1280 }: Look = {}
): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    baseURL: baseUrl,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(30_000);
  await context.addCookies([{ name: 'evenkeel_preview_role', value: role, url: baseUrl }]);
  await context.addInitScript((name) => localStorage.setItem('evenkeel.preview.theme', name), theme);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()))
      complaints.push(`${message.type()}: ${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  await page.goto(path);
  return { page, context, complaints };
}

/** Goes to a page as a link in Grafana does, without loading Grafana anew: that is most of what a page costs. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate(
    ([target]) => {
      const { history, dispatchEvent, PopStateEvent } = globalThis as unknown as {
        history: { pushState(state: null, title: string, url: string): void };
        dispatchEvent(event: object): void;
        PopStateEvent: new (type: string, init: object) => object;
      };
      history.pushState(null, '', target!);
      dispatchEvent(new PopStateEvent('popstate', { state: null }));
    },
    [path]
  );
}
