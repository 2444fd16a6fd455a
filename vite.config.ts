import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { transform } from 'lightningcss';
import { build, type Plugin, type Rolldown } from 'vite';
import { defineConfig } from 'vitest/config';
import type { BrowserConfigOptions, BrowserInstanceOption } from 'vitest/node';
import { bundledSource } from './test/support/bundled-source.js';
import { findBrowser, findFirefox, findWebKit } from './test/support/find-browser.js';
import { visitShop } from './test/support/visit-shop.js';
import { webkit } from './test/support/webkit-provider.js';

/** Firefox without what a test has no use for: processes in advance, and a tree for screen readers that are not there. */
const FRUGAL = {
  'dom.ipc.processPrelaunch.enabled': false,
  'dom.ipc.processReuse.unusedGraceMs': 30_000,
  'accessibility.force_disabled': 1,
  'layers.acceleration.disabled': true,
  'layout.frame_rate': 20,
  // Over WebDriver BiDi, what Playwright asks of a page's motion does not arrive.
  'ui.prefersReducedMotion': 1,
};

/** What a page can import of the package: each entry's file, by what follows the package's name. */
const BROWSER_ENTRIES = {
  '': 'index.ts',
  '/element': 'element/index.ts',
  '/core': 'core/index.ts',
  '/core/diagnosis': 'core/diagnosis.ts',
  '/core/handoff': 'core/handoff.ts',
  '/redirect': 'redirect.ts',
  '/early': 'early.ts',
};

const SERVER_ENTRIES = {
  '/fulfillment': 'fulfillment/index.ts',
  '/fulfillment/ledgerbee': 'fulfillment/vendors/ledgerbee/index.ts',
  '/fulfillment/ledyer': 'fulfillment/vendors/ledyer/index.ts',
  '/fulfillment/siglume': 'fulfillment/vendors/siglume/index.ts',
  '/fulfillment/node': 'fulfillment/http/node.ts',
  '/fulfillment/prometheus': 'fulfillment/prometheus.ts',
  '/testing': 'testing/index.ts',
};

/** The package by its own name, from source: Vite does not resolve a package's reference to itself. */
export const selfReference = Object.entries({ ...BROWSER_ENTRIES, ...SERVER_ENTRIES }).map(
  ([name, file]) => ({ find: new RegExp(`^checkout-embed${name}$`), replacement: source(file) }),
);

/** `@open-wc/testing` reaches for a file that only its own runner serves. */
const withoutRunnerSocket: Plugin = {
  name: 'without-runner-socket',
  enforce: 'pre',
  resolveId: (id) => (id.endsWith('__web-dev-server__web-socket.js') ? '\0runner-socket' : undefined),
  load: (id) => (id === '\0runner-socket' ? 'export {}' : undefined),
};

/** The element's styles without their spaces and comments: nobody else looks into a template literal. */
const terseStyles: Plugin = {
  name: 'terse-styles',
  enforce: 'pre',
  transform: {
    filter: { id: /\/src\/element\/.*\.ts$/, code: 'css`' },
    handler: (code) => ({
      // A literal with a hole or an escape is no CSS yet: it stays as it is.
      code: code.replace(
        /\bcss`([^`$\\]*)`/g,
        (_, styles: string) => `css\`${terseCss(styles)}\`${lines(styles)}`,
      ),
      map: null,
    }),
  },
};

/** The element's templates without their indentation. Each line stays one, for the source map. */
const terseTemplates: Plugin = {
  name: 'terse-templates',
  enforce: 'pre',
  transform: {
    filter: { id: /\/src\/element\/.*\.ts$/, code: 'html`' },
    handler: (code) => ({ code: code.replace(/\n +(?=<|\$\{)/g, '\n'), map: null }),
  },
};

/** What is built is loaded, never bundled again: a note to bundlers is of no use there. */
const terse = {
  minify: { compress: true, mangle: true, codegen: { removeWhitespace: true } },
  comments: { annotation: false },
};

/** The little that the second file needs of Lit: the first brings it. */
const litByName: Plugin = {
  name: 'lit-by-name',
  enforce: 'pre',
  resolveId: (id) => (id === 'lit' ? '\0lit' : undefined),
  load: (id) =>
    id === '\0lit'
      ? `export const html = (strings, ...values) => ({ _$litType$: 1, strings, values });
         export const nothing = Symbol.for('lit-nothing');
         export const css = ([text]) => {
           const styleSheet = new CSSStyleSheet();
           styleSheet.replaceSync(text);
           return { styleSheet };
         };`
      : undefined,
};

/**
 * The element's second file, and the early queue that is put inline into pages, are builds of their own that
 * share nothing with the first. The page may have loaded that under another address (`?v=1`): it would come
 * again, with a second Lit, whose policy is refused under Trusted Types.
 */
const apart: Plugin = {
  name: 'apart',
  enforce: 'pre',
  apply: 'build',
  buildStart() {
    // A script of the page, perhaps: it gives the page no names.
    return emit(this, 'early.ts', 'early.js', 'iife').then(() => undefined);
  },
  async resolveId(id, importer) {
    if (id !== './rest.js' || importer?.endsWith('/load-rest.ts') !== true) return undefined;
    // Named by its content: an old one in a cache must never meet a new first file.
    const fileName = await emit(this, 'element/rest.ts', 'checkout-embed.[hash].js');
    return { id: `./${fileName}`, external: true };
  },
};

/** Builds one source file with all that it imports. Gives the name of the file. */
async function emit(
  to: { emitFile(file: { type: 'asset'; fileName: string; source: string | Uint8Array }): unknown },
  from: string,
  entryFileNames: string,
  format: 'es' | 'iife' = 'es',
): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [terseStyles, terseTemplates, litByName],
    build: {
      write: false,
      target: 'es2022',
      sourcemap: true,
      lib: { entry: source(from), formats: [format], name: 'none' },
      rolldownOptions: { output: { entryFileNames, ...terse } },
    },
  });
  const [{ output }] = (Array.isArray(built) ? built : [built]) as [Rolldown.RolldownOutput];
  for (const file of output) {
    to.emitFile({
      type: 'asset',
      fileName: file.fileName,
      source: file.type === 'chunk' ? file.code : file.source,
    });
  }
  return output[0].fileName;
}

export default defineConfig(({ command, mode }) => ({
  // In the tests too: what ships is what they see.
  plugins: [terseStyles, terseTemplates, apart],
  resolve: {
    alias: selfReference,
    // By itself Vite would take Lit's development build wherever NODE_ENV says something else.
    ...(command === 'build' ? { conditions: ['module', 'browser', 'production'] } : {}),
  },
  build: {
    target: 'es2022',
    outDir: 'dist/cdn',
    // Lit is inside, and its license asks to be named.
    license: { fileName: 'licenses.md' },
    sourcemap: true,
    lib: {
      entry: { 'checkout-embed': source('cdn.ts') },
      formats: ['es' as const],
    },
    rolldownOptions: { output: terse },
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          environment: 'node',
          // To load the modules anew for each file takes as long as the tests.
          isolate: false,
          // Thousands of cases in one test, on a machine that may be busy.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        // The kit is Node's own code: the package's name is resolved by Node's rules, through the source condition.
        resolve: { conditions: ['checkout-embed-source'] },
        test: {
          name: 'fulfillment',
          include: ['test/fulfillment/**/*.test.ts', 'test/package/**/*.test.ts'],
          environment: 'node',
          isolate: false,
          globalSetup: ['test/support/postgres-setup.ts'],
          setupFiles: ['test/fulfillment/kit/leave-nothing.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        plugins: [
          withoutRunnerSocket,
          bundledSource(Object.values(BROWSER_ENTRIES).map(source), [terseStyles, terseTemplates]),
        ],
        optimizeDeps: {
          include: [
            '@open-wc/testing',
            'lit',
            'lit/directives/unsafe-html.js',
            'fast-check',
            'react',
            'react-dom/client',
            'react-dom/server.browser',
            'zone.js',
          ],
        },
        test: {
          name: 'element',
          // @open-wc/testing cleans its fixtures in the global afterEach.
          globals: true,
          include: ['test/element/**/*.test.ts'],
          globalSetup: ['test/support/portal-setup.ts', 'test/support/fault-setup.ts'],
          setupFiles: ['test/support/note-browser.ts', 'test/support/settle-page.ts'],
          browser: {
            // Looked up only where it is needed: a build must not ask for a browser.
            enabled: mode === 'test',
            headless: true,
            screenshotFailures: false,
            commands: { visitShop },
            ...(mode === 'test'
              ? driven()
              : { provider: playwright(), instances: [{ browser: 'chromium' }] }),
          },
        },
      },
    ],
  },
}));

function terseCss(styles: string): string {
  const { code } = transform({ filename: 'styles.css', code: Buffer.from(styles), minify: true });
  return code.toString();
}

/** As many lines as were there: those below keep their numbers, and with them the source map. */
function lines(text: string): string {
  return text.replace(/[^\n]/g, '');
}

function source(path: string): string {
  return fileURLToPath(new URL(`./src/${path}`, import.meta.url));
}

/** WebKit instead of the others with `WEBKIT=1`: Vitest wants one way to drive all browsers of a project. */
function driven(): Pick<BrowserConfigOptions, 'headless' | 'ui' | 'provider' | 'instances'> {
  const found = findWebKit();
  if (found === null) return { provider: playwright(), instances: instances() };
  // It has no mode without a window, and brings a screen of its own.
  return { headless: false, ui: false, provider: webkit(found), instances: [{ browser: 'webkit' }] };
}

/** Chromium, and Firefox where there is one. Without a Chromium its own project says so; the others need none. */
function instances(): BrowserInstanceOption[] {
  const executablePath = findBrowser()?.executablePath;
  const chromium = executablePath === undefined ? {} : { executablePath };
  const firefox = findFirefox();
  // Without a graphics card, painting what moves costs more than all the rest.
  const contextOptions = { reducedMotion: 'reduce' } as const;
  return [
    { browser: 'chromium', provider: playwright({ launchOptions: chromium, contextOptions }) },
    ...(firefox === null
      ? []
      : [
          {
            browser: 'firefox' as const,
            provider: playwright({
              launchOptions: { ...firefox, firefoxUserPrefs: FRUGAL },
              contextOptions,
            }),
          },
        ]),
  ];
}
