import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PluginOptions } from '@grafana/plugin-e2e';
import { defineConfig } from '@playwright/test';

const admin = {
  user: process.env.GRAFANA_ADMIN_USER ?? 'admin',
  password: process.env.GRAFANA_ADMIN_PASSWORD ?? 'admin',
};
/** Made on the first run and kept; who does not know the admin's password does not know this one. */
const viewer = {
  user: 'evenkeel-e2e-viewer',
  password: createHash('sha256').update(`evenkeel-e2e-viewer ${admin.password}`).digest('hex').slice(0, 32),
  role: 'Viewer' as const,
};
/** plugin-e2e signs in by a test of its own and leaves the session below the folder that it runs in. */
const signIn = join(dirname(fileURLToPath(import.meta.resolve('@grafana/plugin-e2e'))), 'auth');
const session = (user: string) => join(process.cwd(), 'playwright', '.auth', `${user}.json`);

/** The pages inside a real Grafana, with the service that it is configured for. `npm run e2e:grafana` starts this. */
export default defineConfig<PluginOptions>({
  testDir: import.meta.dirname,
  outputDir: join(process.cwd(), 'results'),
  // One test at a time: they share the one target that the service loads.
  workers: 1,
  fullyParallel: false,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    baseURL: process.env.GRAFANA_URL,
    grafanaAPICredentials: admin,
    launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] },
    viewport: { width: 1280, height: 900 },
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'sign in as admin', testDir: signIn, testMatch: /.*\.js$/, use: { user: { ...admin, role: 'Admin' } } },
    { name: 'sign in as viewer', testDir: signIn, testMatch: /.*\.js$/, use: { user: viewer } },
    {
      name: 'admin',
      testMatch: /.*\.admin\.spec\.ts$/,
      use: { storageState: session(admin.user) },
      dependencies: ['sign in as admin'],
    },
    {
      name: 'viewer',
      testMatch: /.*\.viewer\.spec\.ts$/,
      use: { storageState: session(viewer.user), user: viewer },
      dependencies: ['sign in as viewer'],
    },
  ],
});
