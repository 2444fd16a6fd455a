/** A shop, and a portal that is as far away as a real one: two sites on this machine. */
import { createServer, request as ask, Agent, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLedgerBeeSandbox, type LedgerBeeSandbox } from 'checkout-embed/testing';
import type { BuiltFile } from '../../support/build-element.js';

/** Milliseconds that each answer is held back. Nobody's portal is on loopback. */
export const LATENCY_MS = { shop: 30, portal: 100 } as const;

export interface Servers {
  readonly shopOrigin: string;
  /** Where the pages find the portal: behind {@link LATENCY_MS}. */
  readonly portalOrigin: string;
  readonly sandbox: LedgerBeeSandbox;
  /** Answers `path` with this page from now on. */
  servePage(path: string, html: string): void;
  /** How often a script was asked for: zero while the browser has it. */
  scriptRequests(): number;
  close(): Promise<void>;
}

export async function startServers(scripts: readonly Pick<BuiltFile, 'name' | 'code'>[]): Promise<Servers> {
  const pages = new Map<string, string>();
  const byPath = new Map(scripts.map(({ name, code }) => [`/${name}`, code]));
  let scriptRequests = 0;
  const shop = createServer(({ url }, response) => {
    const path = new URL(url ?? '/', 'http://shop').pathname;
    const script = byPath.get(path);
    const page = pages.get(path);
    if (script !== undefined) scriptRequests += 1;
    setTimeout(() => {
      if (script !== undefined) {
        response.writeHead(200, {
          'content-type': 'text/javascript',
          'cache-control': 'max-age=31536000, immutable',
        });
      } else {
        response.writeHead(page === undefined ? 404 : 200, {
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-store',
        });
      }
      response.end(script ?? page ?? '');
    }, LATENCY_MS.shop);
  });
  const shopOrigin = `http://shop.localhost:${await listen(shop)}`;
  const sandbox = await createLedgerBeeSandbox({ partnerOrigins: [shopOrigin] });
  // The frame's own height is the vendor's doing: what moves the page here is the element's.
  sandbox.assumptions.set('resize', false);
  const portal = distantPortal(sandbox.portalAddress);
  const portalOrigin = `http://acme.portal.localhost:${await listen(portal)}`;
  return {
    shopOrigin,
    portalOrigin,
    sandbox,
    servePage: (path, html) => void pages.set(path, html),
    scriptRequests: () => scriptRequests,
    close: async () => {
      await Promise.all([shop, portal].map(closeServer));
      await sandbox.close();
    },
  };
}

function distantPortal(address: string): Server {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(address);
  return createServer((incoming, outgoing) => {
    setTimeout(() => {
      const { method, url, headers } = incoming;
      const onward = ask({ hostname, port, agent, method, path: url, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.once('error', () => outgoing.destroy());
      incoming.pipe(onward);
    }, LATENCY_MS.portal);
  }).once('close', () => agent.destroy());
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
