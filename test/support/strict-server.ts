/** A merchant's server that says only what it is told: pages with any headers, one folder of scripts, the kit. */
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface ServedPage {
  readonly headers: Readonly<Record<string, string>>;
  readonly html: string;
}

export interface StrictServer {
  readonly port: number;
  /** @returns Where it is from now on. */
  readonly show: (page: ServedPage) => string;
  readonly close: () => Promise<void>;
}

/** Where the scripts of `folder` are; at the second address they are another copy to the browser. */
export const SCRIPTS = '/cdn';
export const SECOND_COPY = '/other-cdn';

/** @param checkout Takes everything under `/checkout/`; asked for at each request, as it may come later. */
export async function startStrictServer(
  folder: string,
  checkout: () => RequestListener,
): Promise<StrictServer> {
  const pages = new Map<string, ServedPage>();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://strict');
    if (pathname.startsWith('/checkout/')) {
      checkout()(request, response);
      return;
    }
    const page = pages.get(pathname);
    if (page !== undefined) {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...page.headers });
      response.end(page.html);
      return;
    }
    const script = /^\/(?:other-)?cdn\/([\w.-]+\.js)$/.exec(pathname)?.[1];
    readFile(join(folder, script ?? '')).then(
      (body) => {
        response.writeHead(200, { 'Content-Type': 'text/javascript', 'X-Content-Type-Options': 'nosniff' });
        response.end(body);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    show: (page) => {
      const path = `/page-${pages.size + 1}`;
      pages.set(path, page);
      return path;
    },
    close: () => close(server),
  };
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
