/** The shop as one Node server: the kit under /checkout, the page, its login, its scripts, the QA console's calls. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { toNodeHandler } from 'checkout-embed/fulfillment/node';
import type { Backend } from './backend.js';
import { BUYERS } from './buyers.js';
import { createConsoleApi } from './console-api.js';
import { sessionCookie } from './cookies.js';
import { isSameOrigin, readForm, send } from './http.js';
import { openLedyerCheckout } from './ledyer-checkout.js';
import type { PageAssets } from './page-assets.js';
import { showConfirmation, showTab } from './show-page.js';
import { visitorOf } from './visitor.js';

export interface ShopOptions {
  readonly backend: Backend;
  readonly assets: PageAssets;
  readonly shopOrigin: string;
}

export function createShopServer(options: ShopOptions): Server {
  const { backend, assets, shopOrigin } = options;
  const checkout = toNodeHandler(backend.kit);
  const consoleApi = createConsoleApi(options);

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', shopOrigin);
    const { pathname } = url;
    if (pathname === '/checkout' || pathname.startsWith('/checkout/')) {
      checkout(request, response);
    } else if (pathname.startsWith('/_demo/')) {
      await consoleApi(request, response, url);
    } else if (pathname === '/') {
      await showTab(options, request, response, url);
    } else if (pathname === '/confirmation') {
      await showConfirmation(options, request, response, url);
    } else if (pathname === '/ledyer/checkout') {
      await openLedyerCheckout(options, request, response, url);
    } else if (pathname === '/login' || pathname === '/logout') {
      await changeLogin(options, request, response, pathname === '/login');
    } else if (pathname.startsWith('/assets/')) {
      const file = await assets.file(pathname.slice('/assets/'.length));
      if (file === null) send(response, 404, 'text/plain', 'Not found.');
      else send(response, 200, file.type, file.body);
    } else {
      const script = assets.script(pathname);
      if (script === null) send(response, 404, 'text/plain', 'Not found.');
      else send(response, 200, script.type, script.body);
    }
  };

  return createServer((request, response) => {
    route(request, response).catch((error: unknown) => {
      process.stderr.write(`${request.url ?? ''}: ${String(error)}\n`);
      if (!response.headersSent)
        send(response, 500, 'text/plain', 'The shop has a problem. Please try again.');
      else response.destroy();
    });
  });
}

async function changeLogin(
  { backend, shopOrigin }: ShopOptions,
  request: IncomingMessage,
  response: ServerResponse,
  login: boolean,
): Promise<void> {
  if (request.method !== 'POST' || !isSameOrigin(request, shopOrigin)) {
    send(response, 403, 'text/plain', 'Log in from the shop.');
    return;
  }
  const session = await visitorOf(backend.store, request, response);
  const wanted = login ? (await readForm(request)).get('buyer') : null;
  const buyer = BUYERS.find(({ id }) => id === wanted);
  await backend.store.logIn(session, buyer?.id ?? null);
  response.setHeader('Set-Cookie', sessionCookie(session.id));
  response.setHeader('Location', returnPath(request, shopOrigin));
  send(response, 303, 'text/plain', '');
}

/** Back to where the form stood, on this origin only. */
function returnPath(request: IncomingMessage, shopOrigin: string): string {
  const referer = request.headers.referer ?? '';
  const url = URL.canParse(referer) ? new URL(referer) : null;
  return url !== null && url.origin === shopOrigin ? `${url.pathname}${url.search}` : '/';
}
