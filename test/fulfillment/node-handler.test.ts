import { once } from 'node:events';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { connect } from 'node:net';
import { setImmediate as immediate } from 'node:timers/promises';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { toNodeHandler, type NodeHandlerOptions } from '../../src/fulfillment/http/node.js';
import type { LogEntry } from '../../src/fulfillment/ports.js';
import {
  BUFFERED,
  closeServers,
  deferred,
  exchange,
  LARGE,
  listen,
  listenOn,
  STALLED_MS,
  upload,
} from '../support/http.js';

type Fetch = (request: Request) => Promise<Response>;

afterEach(closeServers);

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
    const stalled = deferred();
    const origin = await mount(async (request) => {
      const reader = request.body?.getReader();
      await reader?.read();
      await stalled.promise;
      await reader?.cancel();
      return new Response(null, { status: 413 });
    });
    const { status, sent } = await upload(`${origin}/checkout/webhooks/ledgerbee`, stalled.resolve);
    expect(status).toBe(413);
    expect(sent).toBeLessThan(BUFFERED);
  });

  it('produces an answer no faster than the client takes it', async () => {
    const stalled = deferred();
    const chunk = new Uint8Array(65_536);
    let produced = 0;
    let watch: NodeJS.Timeout | undefined;
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await immediate();
        produced += chunk.byteLength;
        controller.enqueue(chunk);
        clearTimeout(watch);
        watch = setTimeout(stalled.resolve, STALLED_MS);
        if (produced >= LARGE) stalled.resolve();
      },
    });
    const origin = await mount(() => Promise.resolve(new Response(body)));
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    socket.pause();
    socket.write('GET /checkout/x HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await stalled.promise;
    socket.destroy();
    expect(produced).toBeLessThan(BUFFERED);
  });

  it('answers 500 and says so in the log when the target fails, in words that hold nothing of it', async () => {
    const lines: LogEntry[] = [];
    const origin = await mount(() => Promise.reject(new Error('no such table')), {
      log: (line) => lines.push(line),
    });
    const response = await fetch(`${origin}/checkout/attempts`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ v: 1, code: 'internal', message: 'The server could not answer' });
    expect(lines).toMatchObject([{ level: 'error', event: 'http.failed', fields: { error: 'Error' } }]);
    expect(JSON.stringify(lines)).not.toContain('no such table');
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
