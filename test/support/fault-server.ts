/**
 * A portal with every fault of the matrix, and shops with whatever policy a test asks for: one real server, known
 * to the browser as two sites (`127.0.0.1` and `localhost`).
 *
 * The plan's name is the fault. A shop's page is told in its own address what to be: headers, and the body.
 */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
} from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { EMBED, FRAME } from './portal-stub.js';

export interface FaultServer {
  /** The portal with the faults. */
  readonly portal: string;
  /** The shop, another site. */
  readonly shop: string;
  /** Where nobody listens. */
  readonly closed: string;
  readonly close: () => Promise<void>;
}

const HTML = { 'Content-Type': 'text/html; charset=utf-8' };
const SCRIPT = { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' };
const READABLE = { ...HTML, 'Access-Control-Allow-Origin': '*' };
const page = (body: string): string => `<!doctype html><meta charset="utf-8"><title>Portal</title>${body}`;

/** What each plan answers; any other works. */
const FAULTS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  refuses: (response) =>
    response.writeHead(200, { ...HTML, 'Content-Security-Policy': "frame-ancestors 'none'" }).end(FRAME),
  denies: (response) => response.writeHead(200, { ...HTML, 'X-Frame-Options': 'DENY' }).end(FRAME),
  'not-found': (response) => response.writeHead(404, HTML).end(page('Not found')),
  'not-found-readable': (response) => response.writeHead(404, READABLE).end(page('Not found')),
  'wants-login': (response) => response.writeHead(401, READABLE).end(page('Log in')),
  trouble: (response) => response.writeHead(500, HTML).end(page('Trouble')),
  'trouble-readable': (response) => response.writeHead(500, READABLE).end(page('Trouble')),
  nothing: (response) => response.writeHead(204).end(),
  hangs: () => undefined,
  stalls: (response) => {
    response.writeHead(200, HTML);
    // Enough for a browser to show it, and never the rest.
    response.write(page('<p>wait</p>'.repeat(500)));
  },
  breaks: (response) => response.writeHead(200, HTML).end(page('<script>throw new Error("broken")</script>')),
  resets: (response) => response.destroy(),
  'opted-in-breaks': (response) =>
    response
      .writeHead(200, {
        ...HTML,
        'Cross-Origin-Embedder-Policy': 'require-corp',
        'Cross-Origin-Resource-Policy': 'cross-origin',
      })
      .end(page('<script>throw new Error("broken")</script>')),
};

const SCRIPTS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/embed.js': (response) => response.writeHead(200, SCRIPT).end(EMBED),
  '/gone.js': (response) => response.writeHead(404, SCRIPT).end(),
  '/throws.js': (response) =>
    response.writeHead(200, { 'Content-Type': 'text/javascript' }).end('throw new Error("broken")'),
  '/hangs.js': () => undefined,
};

/** In the head of every shop, before the element: what a test cannot see from outside. */
const WITNESS = `
  const witness = (window.witness = { frames: 0, scripts: 0, explained: [], blocked: [], violations: [] });
  const noteEnd = ({ type, target }) => {
    if (type === 'load' && target.localName === 'iframe') witness.frames += 1;
    if (target.localName === 'script' && !target.src.startsWith(location.origin)) witness.scripts += 1;
  };
  for (const type of ['load', 'error']) document.addEventListener(type, noteEnd, true);
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
    witness.violations.push(effectiveDirective));
  document.addEventListener('checkout-blocked', (event) => witness.blocked.push(event.diagnosis.code));
  const { groupCollapsed } = console;
  console.groupCollapsed = (...words) => {
    witness.explained.push(words.join(' '));
    groupCollapsed.apply(console, words);
  };`;

export async function startFaultServer(): Promise<FaultServer> {
  const server = createServer((request, response) => {
    void answer(new URL(request.url ?? '/', 'http://faults'), response);
  });
  const port = await listen(server);
  // Goes out from a port on which nobody else can come to listen, for as long as it is there.
  const holder = createTcpServer();
  const held = connect(await listen(holder), '127.0.0.1');
  await once(held, 'connect');
  return {
    portal: `http://127.0.0.1:${port}`,
    shop: `http://localhost:${port}`,
    closed: `http://127.0.0.1:${held.localPort}`,
    close: async () => {
      held.destroy();
      holder.close();
      await close(server);
    },
  };
}

async function answer({ pathname, searchParams }: URL, response: ServerResponse): Promise<void> {
  if (pathname.startsWith('/embed/')) {
    const plan = pathname.split('/').at(-1) ?? '';
    if (plan === 'moved')
      response.writeHead(302, { Location: `//localhost:${port(response)}/embed/refuses` }).end();
    else (FAULTS[plan] ?? ((other) => other.writeHead(200, HTML).end(FRAME)))(response);
  } else if (pathname in SCRIPTS) SCRIPTS[pathname]?.(response);
  else if (pathname === '/shop/witness.js') response.writeHead(200, SCRIPT).end(WITNESS);
  else if (pathname === '/shop/') {
    const headers = JSON.parse(searchParams.get('headers') ?? '{}') as Record<string, string>;
    const scripts =
      '<script src="witness.js"></script><script type="module" src="checkout-embed.js"></script>';
    const [head, body] = ['head', 'body'].map((name) => searchParams.get(name) ?? '');
    response
      .writeHead(200, { ...HTML, ...headers })
      .end(
        `<!doctype html><html><head><title>Shop</title>${head}${scripts}</head><body>${body}</body></html>`,
      );
  } else if (pathname.startsWith('/shop/')) {
    const file = (await element())[pathname.slice('/shop/'.length)];
    response.writeHead(file === undefined ? 404 : 200, SCRIPT).end(file);
  } else response.writeHead(404, HTML).end();
}

let built: Promise<Readonly<Record<string, string>>> | undefined;

/** The element as a page gets it, built once when first asked for. */
function element(): Promise<Readonly<Record<string, string>>> {
  return (built ??= build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2022',
      lib: {
        entry: { 'checkout-embed': fileURLToPath(new URL('../../src/index.ts', import.meta.url)) },
        formats: ['es'],
      },
    },
  }).then((result) => {
    const [output] = Array.isArray(result) ? result : [];
    return Object.fromEntries(
      (output?.output ?? []).map((file) => [file.fileName, file.type === 'chunk' ? file.code : '']),
    );
  }));
}

function port({ socket }: ServerResponse): number {
  return socket?.localPort ?? 0;
}

async function listen(server: TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
