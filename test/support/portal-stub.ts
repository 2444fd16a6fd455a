/**
 * A portal on another origin for the element's tests: frames that do as they are told by the test, and the
 * `embed.js` that the contract assumes. What a frame says crosses a real origin by a real `message`.
 *
 * The vanity in the path picks the frame's manners: `silent`, `refuse` (frame-ancestors 'none'), `missing`
 * (404), `hang` (never answers), `resizes` (a word before its first); any other says `pageLoaded` as soon as
 * `embed.js` greets it. `/asked/<vanity>` tells how often that frame was asked for. `/lost….js` is `embed.js` whose
 * first request is answered 503.
 *
 * Below `/copy-1/`, `/copy-2/` and so on it also serves the built package: each path is a copy of its own. The second
 * file of `/copy-late…/` comes when `/copy-late…/now` is asked for.
 */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bundleFile } from './bundle.js';

export interface PortalStub {
  /** `http://127.0.0.1:<port>`: another origin than the test page's `localhost`. */
  readonly origin: string;
  readonly close: () => Promise<void>;
}

export const FRAME = `<!doctype html><meta charset="utf-8"><title>Portal</title>
<style>body{margin:0;font:16px/1.5 system-ui;padding:24px}button{font:inherit}</style>
<h1>Plans</h1><button>Buy</button>
<script>
  const say = (type, payload = {}) =>
    parent.postMessage({ source: 'ledgerbee-embed', v: 1, type, payload }, '*');
  let greeted = false;
  addEventListener('message', ({ data }) => {
    if (data?.type === 'hello' && !greeted) {
      greeted = true;
      if (location.pathname.includes('resizes')) say('resize', { height: 600 });
      if (!location.pathname.includes('silent')) say('pageLoaded');
    }
    if (data?.stub === 'say') say(data.type, data.payload);
    if (data?.stub === 'focus') document.querySelector('button').focus();
    if (data?.source === 'ledgerbee-embed' && data.type === 'bindToken') say('stubToken', data);
  });
</script>`;

/** As contract U1 to U3 assume: window and origin are checked, and events dispatched in the message's task. */
export const EMBED = `(() => {
  const adopted = new WeakSet();
  const greet = (frame) => frame.contentWindow?.postMessage({ source: 'ledgerbee-embed', type: 'hello' }, '*');
  const adopt = () => {
    for (const frame of document.querySelectorAll('iframe')) {
      if (!adopted.has(frame)) frame.addEventListener('load', () => greet(frame));
      if (!adopted.has(frame)) greet(frame);
      adopted.add(frame);
    }
  };
  adopt();
  new MutationObserver(adopt).observe(document, { childList: true, subtree: true });
  addEventListener('message', async ({ data, source, origin }) => {
    if (data?.source !== 'ledgerbee-embed') return;
    const frame = [...document.querySelectorAll('iframe')].find(
      (one) => one.contentWindow === source && new URL(one.src).origin === origin);
    if (!frame) return;
    const { type, payload } = data;
    if (type === 'bindTokenRequest') {
      const token = await window.LedgerBeeEmbed?.fetchBindToken?.({ frame, ...payload }).catch(() => null);
      source.postMessage({ source: 'ledgerbee-embed', v: 1, type: 'bindToken', token: token ?? null }, origin);
      return;
    }
    const event = new CustomEvent('ledgerbee:embed:' + type, { detail: { frame, ...payload } });
    if (window.stubDispatchesLate) setTimeout(() => setTimeout(() => window.dispatchEvent(event)));
    else window.dispatchEvent(event);
  });
})();`;

export async function startPortalStub(): Promise<PortalStub> {
  /** Who waits for the second file of a late copy; `null` where it is late no more. */
  const late = new Map<string, ServerResponse[] | null>();
  /** Requests by path. */
  const asked = new Map<string, number>();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://stub');
    const [, copy = '', file] = /^\/(copy-\w+)\/(.+)/.exec(pathname) ?? [];
    asked.set(pathname, (asked.get(pathname) ?? 0) + 1);
    if (pathname.startsWith('/asked/')) {
      response.writeHead(200, { 'Access-Control-Allow-Origin': '*' });
      response.end(String(asked.get(pathname.replace('asked', 'embed')) ?? 0));
    } else if (pathname.startsWith('/lost') && asked.get(pathname) === 1) response.writeHead(503).end();
    else if (file === undefined) answer(pathname, response);
    else if (copy.startsWith('copy-late') && file !== 'checkout-embed.js') {
      const waiting = late.get(copy);
      if (file === 'now') {
        late.set(copy, null);
        for (const one of waiting ?? []) void answerBundle(one.req.url?.split('/').at(-1) ?? '', one);
        response.end();
      } else if (waiting === null) void answerBundle(file, response);
      else late.set(copy, [...(waiting ?? []), response]);
    } else void answerBundle(file, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => close(server) };
}

async function answerBundle(file: string, response: ServerResponse): Promise<void> {
  const code = await bundleFile(file);
  response.writeHead(code === null ? 404 : 200, {
    'Content-Type': 'text/javascript',
    'Access-Control-Allow-Origin': '*',
  });
  response.end(code);
}

function answer(pathname: string, response: ServerResponse): void {
  if (pathname.endsWith('.js')) {
    const found = pathname === '/embed.js' || pathname.startsWith('/lost');
    response.writeHead(found ? 200 : 404, {
      'Content-Type': 'text/javascript',
      'Access-Control-Allow-Origin': '*',
    });
    response.end(found ? EMBED : '');
    return;
  }
  if (pathname.includes('hang')) return;
  const refusal = pathname.includes('refuse') ? { 'Content-Security-Policy': "frame-ancestors 'none'" } : {};
  response.writeHead(pathname.includes('missing') ? 404 : 200, { 'Content-Type': 'text/html', ...refusal });
  response.end(pathname.includes('missing') ? '<!doctype html><title>Not found</title>' : FRAME);
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
