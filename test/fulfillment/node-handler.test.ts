import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { connect, type AddressInfo, type Server as NetServer } from 'node:net';
import express, { type Express } from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { toNodeHandler, type NodeHandlerOptions } from '../../src/fulfillment/http/node.js';
import type { LogEntry } from '../../src/fulfillment/ports.js';

type Fetch = (request: Request) => Promise<Response>;

const servers: NetServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) (server as Server).closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

/** Every behavior that both mounts share. */
describe.each<[string, (fetch: Fetch, options?: NodeHandlerOptions) => Promise<string>]>([
  ['node:http', (fetch, options) => listen(toNodeHandler({ fetch }, options))],
  [
    'Express 5',
    (fetch, options) => listen(express().use(toNodeHandler({ fetch, basePath: '/checkout' }, options))),
  ],
])('toNodeHandler on %s', (_, mount) => {
  it('hands method, URL, headers and bytes on as they came', async () => {
    let seen: Request | undefined;
    let bytes: ArrayBuffer | undefined;
    const origin = await mount(async (request) => {
      seen = request;
      bytes = await request.arrayBuffer();
      return new Response(null, { status: 204 });
    });
    const body = Uint8Array.from([0x7b, 0xff, 0x00, 0x7d]);
    const response = await fetch(`${origin}/checkout/webhooks/ledgerbee?a=1&a=2`, {
      method: 'POST',
      headers: {
        'webhook-id': 'msg_1',
        authorization: 'Bearer x',
        origin: 'https://shop.test',
        cookie: 'a=b',
      },
      body,
    });
    expect(response.status).toBe(204);
    expect(seen?.method).toBe('POST');
    expect(seen?.url).toBe(`${origin}/checkout/webhooks/ledgerbee?a=1&a=2`);
    expect(Object.fromEntries(seen?.headers ?? [])).toMatchObject({
      'webhook-id': 'msg_1',
      authorization: 'Bearer x',
      origin: 'https://shop.test',
      cookie: 'a=b',
    });
    expect(new Uint8Array(bytes ?? new ArrayBuffer())).toEqual(body);
  });

  it('gives status, headers, several cookies and body back', async () => {
    const origin = await mount(() => {
      const headers = new Headers({ 'content-type': 'application/json', etag: '"1"', vary: 'Origin' });
      headers.append('set-cookie', 'a=1');
      headers.append('set-cookie', 'b=2');
      return Promise.resolve(new Response('{"v":1}', { status: 201, headers }));
    });
    const response = await fetch(`${origin}/checkout/attempts`);
    expect(response.status).toBe(201);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('etag')).toBe('"1"');
    expect(response.headers.get('vary')).toContain('Origin');
    expect(await response.json()).toEqual({ v: 1 });
  });

  it('answers HEAD without a body', async () => {
    let isCancelled = false;
    const body = new ReadableStream({ cancel: () => void (isCancelled = true) });
    const origin = await mount(() => Promise.resolve(new Response(body, { headers: { etag: '"1"' } })));
    const response = await fetch(`${origin}/checkout/attempts/1`, { method: 'HEAD' });
    expect(response.headers.get('etag')).toBe('"1"');
    expect(await response.text()).toBe('');
    expect(isCancelled).toBe(true);
  });

  it('sends each server-sent event when it is written, and the head before the first', async () => {
    let events: ReadableStreamDefaultController<Uint8Array> | undefined;
    const origin = await mount(() => {
      const body = new ReadableStream<Uint8Array>({ start: (controller) => void (events = controller) });
      return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
    });
    const response = await fetch(`${origin}/checkout/attempts/1/events`);
    const reader = response.body?.getReader();
    for (const text of ['data: 1\n\n', 'data: 2\n\n']) {
      events?.enqueue(new TextEncoder().encode(text));
      expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(text);
    }
    events?.close();
    expect((await reader?.read())?.done).toBe(true);
  });

  it('ends the stream and aborts the signal when the client goes away', async () => {
    const cancelled = deferred();
    const aborted = deferred();
    const origin = await mount((request) => {
      request.signal.addEventListener('abort', () => aborted.resolve());
      const body = new ReadableStream({ cancel: () => cancelled.resolve() });
      return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
    });
    const client = new AbortController();
    await fetch(`${origin}/checkout/attempts/1/events`, { signal: client.signal });
    client.abort();
    await Promise.all([cancelled.promise, aborted.promise]);
  });

  it('takes no more of a body than the target reads, and still answers', async () => {
    let taken = 0;
    const origin = await mount(async (request) => {
      const reader = request.body?.getReader();
      while (taken < 100_000) taken += ((await reader?.read())?.value as Uint8Array).byteLength;
      await reader?.cancel();
      return new Response(null, { status: 413 });
    });
    const { status, sent } = await upload(`${origin}/checkout/webhooks/ledgerbee`, 64 * 1_048_576);
    expect(status).toBe(413);
    expect(taken).toBeLessThan(300_000);
    // What lies between is in the buffers of two sockets.
    expect(sent).toBeLessThan(64 * 1_048_576);
  });

  it('produces an answer no faster than the client takes it', async () => {
    const chunk = new Uint8Array(65_536);
    let produced = 0;
    const stalled = deferred();
    let previous = -1;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        produced += chunk.byteLength;
        controller.enqueue(chunk);
      },
    });
    const origin = await mount(() => Promise.resolve(new Response(body)));
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    socket.pause();
    socket.write('GET /checkout/x HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const watch = setInterval(() => {
      if (produced > 0 && produced === previous) stalled.resolve();
      previous = produced;
    }, 50);
    await stalled.promise;
    clearInterval(watch);
    socket.destroy();
    expect(produced).toBeLessThan(64 * 1_048_576);
  });

  it('answers 500 and says so in the log when the target fails, without the reason in the answer', async () => {
    const lines: LogEntry[] = [];
    const origin = await mount(() => Promise.reject(new Error('no such table')), {
      log: (line) => lines.push(line),
    });
    const response = await fetch(`${origin}/checkout/attempts`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ v: 1, code: 'internal', message: 'The server could not answer' });
    expect(lines).toMatchObject([
      { level: 'error', event: 'http.failed', message: expect.stringContaining('no such table') as string },
    ]);
  });

  it('breaks the connection off when a body fails half way, so that half is not taken for all', async () => {
    const lines: LogEntry[] = [];
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"half":')),
      pull: (controller) => controller.error(new Error('lost')),
    });
    const origin = await mount(() => Promise.resolve(new Response(body)), {
      log: (line) => lines.push(line),
    });
    await expect(fetch(`${origin}/checkout/attempts`).then((response) => response.text())).rejects.toThrow();
    expect(lines).toMatchObject([{ event: 'http.failed' }]);
  });

  it.each([
    ['a Host with a path', 'GET /checkout/x HTTP/1.1\r\nHost: a/b', 400],
    ['a Host with a user', 'GET /checkout/x HTTP/1.1\r\nHost: user@evil.test', 400],
    ['a Host with a port beyond all ports', 'GET /checkout/x HTTP/1.1\r\nHost: a:99999', 400],
    ['an empty Host', 'GET /checkout/x HTTP/1.1\r\nHost:', 400],
    ['TRACE', 'TRACE /checkout/x HTTP/1.1\r\nHost: localhost', 400],
    ['no Host in HTTP/1.0', 'GET /checkout/x HTTP/1.0', 200],
    ['an IPv6 Host', 'GET /checkout/x HTTP/1.1\r\nHost: [::1]:80', 200],
    ['a broken percent', 'GET /checkout/%zz HTTP/1.1\r\nHost: localhost', 200],
  ])('survives %s', async (_name, head, status) => {
    const origin = await mount((request) => Promise.resolve(new Response(request.url)));
    expect((await exchange(origin, head)).status).toBe(status);
  });

  it.each([
    ['/checkout//evil.test/a', 'http://localhost/checkout//evil.test/a'],
    ['http://evil.test/checkout/a?b', 'http://localhost/checkout/a?b'],
    ['/checkout/a/../b#c', 'http://localhost/checkout/b'],
    ['/checkout/\\evil.test', 'http://localhost/checkout//evil.test'],
  ])('lets the request line %s name a path, never a host', async (line, url) => {
    const origin = await mount((request) => Promise.resolve(new Response(request.url)));
    const { body } = await exchange(origin, `GET ${line} HTTP/1.1\r\nHost: localhost`);
    expect(body).toBe(url);
  });

  it('takes scheme and host from the origin it was given', async () => {
    const origin = await mount((request) => Promise.resolve(new Response(request.url)), {
      origin: 'https://shop.test',
    });
    const { body } = await exchange(origin, 'GET /checkout/a HTTP/1.1\r\nHost: a/b');
    expect(body).toBe('https://shop.test/checkout/a');
  });
});

describe('toNodeHandler on node:http', () => {
  it.each(['OPTIONS * HTTP/1.1', 'GET //evil.test HTTP/1.1'])('answers %s without a throw', async (line) => {
    const origin = await listen(
      toNodeHandler({ fetch: (request) => Promise.resolve(new Response(request.url)) }),
    );
    expect([200, 400]).toContain((await exchange(origin, `${line}\r\nHost: localhost`)).status);
  });

  it('speaks HTTP/2', async () => {
    const server = createHttp2Server(
      toNodeHandler({
        fetch: async (request) => {
          const headers = { connection: 'keep-alive', 'x-url': request.url };
          return new Response(`got ${await request.text()}`, { headers });
        },
      }) as unknown as Parameters<typeof createHttp2Server>[1],
    );
    const origin = await listenOn(server);
    const session = connectHttp2(origin);
    const stream = session.request({ ':method': 'POST', ':path': '/checkout/a' });
    stream.end('bytes');
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    let body = '';
    for await (const chunk of stream) body += String(chunk);
    session.close();
    expect(headers).toMatchObject({ ':status': 200, 'x-url': `${origin}/checkout/a` });
    expect(body).toBe('got bytes');
  });

  it.each(['shop.test', 'https://shop.test/path', 'javascript:alert(1)', ''])(
    'refuses the origin %j',
    (origin) => {
      expect(() => toNodeHandler({ fetch: () => Promise.reject(new Error()) }, { origin })).toThrow(
        expect.objectContaining({ code: 'invalid-option' }),
      );
    },
  );
});

describe('toNodeHandler in an Express app', () => {
  const kit = {
    basePath: '/checkout',
    fetch: async (request: Request) =>
      new Response(`${new URL(request.url).pathname} ${await request.text()}`),
  };

  it.each(['/', '/checkouts', '/products/checkout', '/checkout/../cart'])('passes %s on', async (path) => {
    const app = express().use(toNodeHandler(kit));
    app.use((_request, response) => void response.send('the shop'));
    expect((await exchange(await listen(app), `GET ${path} HTTP/1.1\r\nHost: localhost`)).body).toBe(
      'the shop',
    );
  });

  it.each(['/checkout', '/checkout/', '/checkout/attempts'])('keeps %s', async (path) => {
    const app = express().use(toNodeHandler(kit));
    expect(await (await fetch(`${await listen(app)}${path}`)).text()).toBe(`${path} `);
  });

  it('sees the whole path where Express took the mount path off', async () => {
    const app = express().use('/checkout', toNodeHandler(kit));
    expect(await (await fetch(`${await listen(app)}/checkout/attempts`)).text()).toBe('/checkout/attempts ');
  });

  it('takes the bytes that express.raw() kept', async () => {
    const app = express()
      .use(express.raw({ type: '*/*' }))
      .use(toNodeHandler(kit));
    expect(await post(await listen(app))).toMatchObject({ status: 200, body: '/checkout/a {"a": 1}' });
  });

  it('takes the bytes that a parser left in rawBody', async () => {
    const keep = express.json({ verify: (req, _res, bytes) => void Object.assign(req, { rawBody: bytes }) });
    const app = express().use(keep).use(toNodeHandler(kit));
    expect(await post(await listen(app))).toMatchObject({ status: 200, body: '/checkout/a {"a": 1}' });
  });

  it('goes before a parser of the rest of the app', async () => {
    const app = express().use(toNodeHandler(kit)).use(express.json());
    app.post('/cart', (request, response) => void response.send(request.body));
    expect(await post(await listen(app))).toMatchObject({ body: '/checkout/a {"a": 1}' });
  });

  it.each<[string, () => Express]>([
    ['express.json()', () => express().use(express.json())],
    ['express.text()', () => express().use(express.text({ type: '*/*' }))],
    [
      'a middleware of the shop',
      () =>
        express().use((request, _response, next) => {
          request.resume().on('end', () => next());
        }),
    ],
  ])('refuses a body that %s read, and says how to mount it', async (_, app) => {
    const lines: LogEntry[] = [];
    let isCalled = false;
    const target = { ...kit, fetch: () => Promise.reject(new Error(String((isCalled = true)))) };
    const origin = await listen(app().use(toNodeHandler(target, { log: (line) => lines.push(line) })));
    const { status, body } = await post(origin);
    expect(status).toBe(500);
    expect(JSON.parse(body)).toMatchObject({ v: 1, code: 'internal' });
    expect(lines).toMatchObject([{ level: 'error', event: 'http.parsed_body' }]);
    for (const text of [body, lines[0]?.message]) {
      expect(text).toContain('app.use(toNodeHandler(kit)), then app.use(express.json())');
      expect(text).toContain('express.raw(');
    }
    expect(isCalled).toBe(false);
  });

  it('does not mind a parser where there was nothing to parse', async () => {
    const app = express().use(express.json()).use(toNodeHandler(kit));
    const response = await fetch(`${await listen(app)}/checkout/attempts/1/bind-token`, { method: 'POST' });
    expect(await response.text()).toBe('/checkout/attempts/1/bind-token ');
  });

  it('does not mind a parser that left another type alone', async () => {
    const app = express().use(express.json()).use(toNodeHandler(kit));
    expect(await post(await listen(app), 'application/webhook+bytes')).toMatchObject({
      body: '/checkout/a {"a": 1}',
    });
  });
});

function listen(handler: RequestListener): Promise<string> {
  return listenOn(createServer(handler));
}

async function listenOn(server: NetServer): Promise<string> {
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function post(origin: string, type = 'application/json'): Promise<{ status: number; body: string }> {
  const response = await fetch(`${origin}/checkout/a`, {
    method: 'POST',
    headers: { 'content-type': type },
    // As no JSON.stringify would write it.
    body: '{"a": 1}',
  });
  return { status: response.status, body: await response.text() };
}

/** One request written by hand, for what no client would send. */
async function exchange(origin: string, head: string): Promise<{ status: number; body: string }> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  socket.write(`${head}\r\nConnection: close\r\n\r\n`);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  const [start = '', ...rest] = text.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  const isChunked = /transfer-encoding: chunked/i.test(start);
  return { status: Number(start.split(' ')[1]), body: isChunked ? dechunk(body) : body };
}

function dechunk(body: string): string {
  const [length = '0', ...rest] = body.split('\r\n');
  return rest.join('\r\n').slice(0, Number.parseInt(length, 16));
}

/** Sends a large body as fast as it is taken, and stops at the answer. */
async function upload(url: string, total: number): Promise<{ status: number; sent: number }> {
  const req = httpRequest(url, { method: 'POST' });
  const chunk = Buffer.alloc(65_536);
  let sent = 0;
  const write = (): void => {
    while (sent < total && !req.destroyed) {
      sent += chunk.length;
      if (!req.write(chunk)) return;
    }
  };
  req.on('drain', write);
  req.on('error', () => undefined);
  write();
  const [res] = (await once(req, 'response')) as [IncomingMessage];
  const result = { status: res.statusCode ?? 0, sent };
  req.destroy();
  return result;
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
