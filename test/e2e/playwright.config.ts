/** The journeys: real Chromium against a demo for each worker, on its own ports and with its own data. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { requireBrowser } from '../support/find-browser.js';
import { e2ePorts, WORKERS, type E2ePorts } from './free-ports.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { shop } = await e2ePorts();
const { executablePath } = requireBrowser();
const dataDir = (process.env['E2E_DATA_DIR'] ??= newFolder());

const demos: E2ePorts[] = [];
for (let demo = 0; demo < WORKERS; demo += 1) demos.push(await e2ePorts(demo));

const STRICT = /strict-pages\.spec\.ts$/;

export default defineConfig({
  testDir: '.',
  outputDir: join(root, 'test', '.results', 'e2e'),
  workers: WORKERS,
  // The longest file first: begun last, it would leave the other worker idle.
  projects: [
    // Brings its own shop, sandbox and database.
    { name: 'strict', testMatch: STRICT },
    { name: 'demo', testIgnore: STRICT },
  ],
  forbidOnly: process.env['CI'] !== undefined,
  retries: 0,
  timeout: 45_000,
  expect: { timeout: 15_000 },
  use: {
    baseURL: `http://shop.localhost:${shop}`,
    // Recording everything costs a third of the time. E2E_TRACE=1 for whoever looks for a cause.
    trace: process.env['E2E_TRACE'] === '1' ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    viewport: { width: 1280, height: 900 },
    // Without a graphics card, painting what moves costs more than all the rest.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: executablePath === undefined ? {} : { executablePath },
  },
  webServer: demos.map((ports, demo) => ({
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
      DEMO_DATA_DIR: join(dataDir, String(demo)),
      // Always the tests' own database: a developer's DATABASE_URL is not for throwing orders into.
      DATABASE_URL: '',
    },
    reuseExistingServer: false,
    // One after the other, each with a PostgreSQL and a build of its own: half a minute on a busy machine.
    timeout: 180_000,
    stdout: 'ignore' as const,
    stderr: 'pipe' as const,
    gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 60_000 },
  })),
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'checkout-embed-e2e-'));
  // Started by root, PostgreSQL runs as a user of its own, who must get to its folder in here.
  chmodSync(folder, 0o755);
  // No global teardown: it runs before the demos have ended, and PostgreSQL still writes in there.
  process.once('exit', () =>
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  );
  return folder;
}
