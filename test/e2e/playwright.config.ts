/** The journeys: real Chromium against the demo's own servers, on their own ports and with their own data. */
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { requireBrowser } from '../support/find-browser.js';
import { e2ePorts } from './free-ports.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const ports = await e2ePorts();
const { executablePath } = requireBrowser();
if (process.env['E2E_DATA_DIR'] === undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'checkout-embed-e2e-'));
  // Started by root, PostgreSQL runs as a user of its own, who must get to its folder in here.
  chmodSync(folder, 0o755);
  process.env['E2E_DATA_DIR'] = folder;
}

const STRICT = /strict-pages\.spec\.ts$/;

export default defineConfig({
  testDir: '.',
  outputDir: join(root, 'test', '.results', 'e2e'),
  workers: 2,
  projects: [
    // The sandbox's scenarios are one set of switches for everybody.
    { name: 'demo', testIgnore: STRICT, workers: 1 },
    // Brings its own shop, sandbox and database.
    { name: 'strict', testMatch: STRICT, workers: 1 },
  ],
  forbidOnly: process.env['CI'] !== undefined,
  retries: 0,
  timeout: 45_000,
  expect: { timeout: 15_000 },
  globalTeardown: fileURLToPath(new URL('./remove-data.ts', import.meta.url)),
  use: {
    baseURL: `http://shop.localhost:${ports.shop}`,
    // Recording everything costs a third of the time. E2E_TRACE=1 for whoever looks for a cause.
    trace: process.env['E2E_TRACE'] === '1' ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    viewport: { width: 1280, height: 900 },
    launchOptions: executablePath === undefined ? {} : { executablePath },
  },
  webServer: {
    command: `"${process.execPath}" --import tsx --conditions=checkout-embed-source demo/start.ts`,
    cwd: root,
    // Node does not know *.localhost; the browser does.
    url: `http://127.0.0.1:${ports.shop}/`,
    env: {
      SHOP_PORT: String(ports.shop),
      PORTAL_PORT: String(ports.portal),
      SIGLUME_PORT: String(ports.siglume),
      LEDYER_PORT: String(ports.ledyer),
      POSTGRES_PORT: String(ports.postgres),
      DEMO_DATA_DIR: process.env['E2E_DATA_DIR'],
      // Always the tests' own database: a developer's DATABASE_URL is not for throwing orders into.
      DATABASE_URL: '',
    },
    reuseExistingServer: false,
    timeout: 60_000,
    stdout: 'ignore',
    stderr: 'pipe',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 15_000 },
  },
});
