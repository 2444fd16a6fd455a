/** The pages' scripts, built once in memory as a shop would build them: every visit of a test loads a few files, not a hundred. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { selfReference } from '../../vite.config.js';

const PAGES = fileURLToPath(new URL('../pages/', import.meta.url));
const ASSETS = new URL('../pages/assets/', import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** What the pages load, by the name they load it under, without `.js`. */
const ENTRIES = { shop: 'shop.ts', 'late-shop': 'late-shop.ts', console: 'console/start.ts' } as const;

export interface PageAsset {
  readonly body: Buffer | string;
  readonly type: string;
}

export interface PageAssets {
  /** A script by its path, such as `/scripts/shop.js`. */
  readonly script: (path: string) => PageAsset | null;
  /** `null` when there is no such file. */
  readonly file: (name: string) => Promise<PageAsset | null>;
}

export async function createPageAssets(): Promise<PageAssets> {
  const scripts = await buildScripts();
  return {
    script: (path) => scripts.get(path) ?? null,
    file: async (name) => {
      const type = TYPES[extname(name)];
      if (type === undefined || !/^[\w-]+\.\w+$/.test(name)) return null;
      try {
        return { body: await readFile(new URL(name, ASSETS)), type };
      } catch {
        return null;
      }
    },
  };
}

async function buildScripts(): Promise<ReadonlyMap<string, PageAsset>> {
  const built = await build({
    configFile: false,
    root: PAGES,
    logLevel: 'warn',
    publicDir: false,
    build: {
      write: false,
      target: 'es2022',
      // Its helper would put link elements into a page that has a policy.
      modulePreload: false,
      minify: false,
      sourcemap: 'inline',
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(ENTRIES).map(([name, path]) => [name, PAGES + path])),
        output: { entryFileNames: 'scripts/[name].js', chunkFileNames: 'scripts/[name]-[hash].js' },
      },
    },
    // Lit's production build: the page shows what a buyer gets.
    resolve: { alias: selfReference, conditions: ['module', 'browser', 'production'] },
  });
  const outputs = (Array.isArray(built) ? built : [built]) as readonly Rolldown.RolldownOutput[];
  const files = outputs.flatMap(({ output }) => output);
  return new Map(
    files.map((file) => [
      `/${file.fileName}`,
      {
        body: file.type === 'chunk' ? file.code : Buffer.from(file.source),
        type: 'text/javascript; charset=utf-8',
      },
    ]),
  );
}
