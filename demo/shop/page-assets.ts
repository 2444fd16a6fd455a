/** The pages' scripts, compiled as they are asked for. Vite without its live parts: a checkout is never reloaded under a buyer. */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import { selfReference } from '../../vite.config.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PAGES = fileURLToPath(new URL('../pages/', import.meta.url));
const ASSETS = new URL('../pages/assets/', import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface PageAssets {
  /** Compiled scripts; what is not one is passed on. */
  readonly scripts: (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
  /** `null` when there is no such file. */
  readonly file: (name: string) => Promise<{ body: Buffer; type: string } | null>;
  close(): Promise<void>;
}

export async function createPageAssets(): Promise<PageAssets> {
  const vite = await createServer({
    configFile: false,
    root: PAGES,
    appType: 'custom',
    logLevel: 'warn',
    clearScreen: false,
    publicDir: false,
    // No bundling of dependencies ahead of time: what is found late would reload the page.
    optimizeDeps: { noDiscovery: true, include: [] },
    server: {
      middlewareMode: true,
      hmr: false,
      ws: false,
      watch: null,
      // Not the whole checkout: the database's password lies in it.
      fs: { allow: [PAGES, join(ROOT, 'src'), join(ROOT, 'node_modules')] },
      cors: false,
    },
    // Lit's production build: the page shows what a buyer gets.
    resolve: { alias: selfReference, conditions: ['module', 'browser', 'production'] },
  });
  return {
    scripts: (request, response, next) => vite.middlewares(request, response, next),
    file: async (name) => {
      const type = TYPES[extname(name)];
      if (type === undefined || !/^[\w-]+\.\w+$/.test(name)) return null;
      try {
        return { body: await readFile(new URL(name, ASSETS)), type };
      } catch {
        return null;
      }
    },
    close: () => vite.close(),
  };
}
