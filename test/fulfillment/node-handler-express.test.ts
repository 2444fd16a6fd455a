import express, { type Express } from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { toNodeHandler } from '../../src/fulfillment/http/node.js';
import type { LogEntry } from '../../src/fulfillment/ports.js';
import { closeServers, exchange, listen } from '../support/http.js';

afterEach(closeServers);

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

async function post(origin: string, type = 'application/json'): Promise<{ status: number; body: string }> {
  const response = await fetch(`${origin}/checkout/a`, {
    method: 'POST',
    headers: { 'content-type': type },
    // As no JSON.stringify would write it.
    body: '{"a": 1}',
  });
  return { status: response.status, body: await response.text() };
}
