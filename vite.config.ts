import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { findBrowser } from './test/support/find-browser.js';
import { visitShop } from './test/support/visit-shop.js';

/** The package by its own name, from source: Vite does not resolve a package's reference to itself. */
export const selfReference = [
  { find: /^checkout-embed$/, replacement: source('index.ts') },
  { find: /^checkout-embed\/element$/, replacement: source('element/index.ts') },
  { find: /^checkout-embed\/core$/, replacement: source('core/index.ts') },
  { find: /^checkout-embed\/early$/, replacement: source('early.ts') },
  { find: /^checkout-embed\/fulfillment$/, replacement: source('fulfillment/index.ts') },
  {
    find: /^checkout-embed\/fulfillment\/ledgerbee$/,
    replacement: source('fulfillment/vendors/ledgerbee/index.ts'),
  },
  { find: /^checkout-embed\/fulfillment\/node$/, replacement: source('fulfillment/http/node.ts') },
  { find: /^checkout-embed\/testing$/, replacement: source('testing/index.ts') },
];

/** `@open-wc/testing` reaches for a file that only its own runner serves. */
const withoutRunnerSocket: Plugin = {
  name: 'without-runner-socket',
  enforce: 'pre',
  resolveId: (id) => (id.endsWith('__web-dev-server__web-socket.js') ? '\0runner-socket' : undefined),
  load: (id) => (id === '\0runner-socket' ? 'export {}' : undefined),
};

export default defineConfig(({ mode }) => ({
  resolve: { alias: selfReference },
  build: {
    target: 'es2022',
    outDir: 'dist/cdn',
    sourcemap: true,
    lib: {
      entry: { 'checkout-embed': source('index.ts'), early: source('early.ts') },
      formats: ['es' as const],
    },
    rolldownOptions: {
      output: { minify: { compress: true, mangle: true, codegen: { removeWhitespace: true } } },
    },
  },
  test: {
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], environment: 'node' } },
      {
        extends: true,
        // The kit is Node's own code: the package's name is resolved by Node's rules, through the source condition.
        resolve: { conditions: ['checkout-embed-source'] },
        test: {
          name: 'fulfillment',
          include: ['test/fulfillment/**/*.test.ts', 'test/package/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['test/support/postgres-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        plugins: [withoutRunnerSocket],
        optimizeDeps: { include: ['@open-wc/testing', 'lit', 'lit/directives/unsafe-html.js', 'fast-check'] },
        test: {
          name: 'element',
          // @open-wc/testing cleans its fixtures in the global afterEach.
          globals: true,
          include: ['test/element/**/*.test.ts'],
          globalSetup: ['test/support/portal-setup.ts', 'test/support/fault-setup.ts'],
          browser: {
            // Looked up only where it is needed: a build must not ask for a browser.
            enabled: mode === 'test',
            headless: true,
            screenshotFailures: false,
            commands: { visitShop },
            provider: playwright(mode === 'test' ? { launchOptions: launchOptions() } : {}),
            instances: [{ browser: 'chromium' as const }],
          },
        },
      },
    ],
  },
}));

function source(path: string): string {
  return fileURLToPath(new URL(`./src/${path}`, import.meta.url));
}

function launchOptions(): { executablePath?: string } {
  // Where there is none, the browser's own project says so; the others need none.
  const executablePath = findBrowser()?.executablePath;
  return executablePath === undefined ? {} : { executablePath };
}
