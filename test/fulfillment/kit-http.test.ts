/** The kit's routes from outside: what each refuses, and which pages may call. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeRefusal } from '../../src/protocol/index.js';
import { ORIGIN, World, type Caller } from './kit/world.js';

let world: World;
let kit: Caller;
beforeAll(async () => {
  world = await World.create();
  kit = await world.kit();
});
afterAll(() => world.close());

const json = { 'content-type': 'application/json' };
const body = { v: 1, vendor: 'ledgerbee', order: 'order-1', page: ORIGIN };
const ID = '00000000-0000-4000-8000-000000000000';

describe('refused', () => {
  it.each([
    ['a path that is not there', 404, 'not_found', '/nothing', {}],
    [
      'a path below an attempt’s routes',
      404,
      'not_found',
      `/attempts/${ID}/signals/more`,
      { method: 'POST' },
    ],
    ['an attempt’s route that is not there', 404, 'not_found', `/attempts/${ID}/constructor`, {}],
    ['an id that is none', 404, 'not_found', '/attempts/..%2f..', {}],
    ['a vendor that is not there', 404, 'not_found', '/webhooks/nobody', { method: 'POST' }],
    ['a webhook that is no POST', 405, 'method_not_allowed', '/webhooks/ledgerbee', {}],
    ['a start that is no POST', 405, 'method_not_allowed', '/attempts', {}],
    ['a status that is no GET', 405, 'method_not_allowed', `/attempts/${ID}`, { method: 'POST' }],
    ['a bind token that is no POST', 405, 'method_not_allowed', `/attempts/${ID}/bind-token`, {}],
    [
      'an attempt nobody opened',
      401,
      'unauthorized',
      `/attempts/${ID}`,
      { headers: { authorization: 'Bearer x' } },
    ],
    [
      'a header that is no bearer token',
      401,
      'unauthorized',
      `/attempts/${ID}`,
      { headers: { authorization: 'Basic x' } },
    ],
    ['a body that is no JSON', 400, 'bad_request', '/attempts', { method: 'POST', headers: json, body: '{' }],
    ['a body of another type', 415, 'unsupported_media_type', '/attempts', { method: 'POST', body: '{}' }],
    [
      'a body in another encoding',
      400,
      'bad_request',
      '/attempts',
      { method: 'POST', headers: json, body: new Uint8Array([0xff]) },
    ],
    [
      'another version',
      400,
      'unsupported_version',
      '/attempts',
      { method: 'POST', headers: json, body: JSON.stringify({ ...body, v: 2 }) },
    ],
    [
      'a body of the wrong shape',
      400,
      'bad_request',
      '/attempts',
      { method: 'POST', headers: json, body: JSON.stringify({ ...body, page: 7 }) },
    ],
    [
      'a vendor that is not configured',
      422,
      'vendor_not_configured',
      '/attempts',
      { method: 'POST', headers: json, body: JSON.stringify({ ...body, vendor: 'siglume' }) },
    ],
    [
      'an order the merchant does not know',
      422,
      'order_not_resolved',
      '/attempts',
      { method: 'POST', headers: json, body: JSON.stringify({ ...body, order: undefined }) },
    ],
    [
      'an unusable Idempotency-Key',
      400,
      'bad_request',
      '/attempts',
      { method: 'POST', headers: { ...json, 'idempotency-key': 'a b' }, body: JSON.stringify(body) },
    ],
    [
      'a body over the bound',
      413,
      'payload_too_large',
      '/attempts',
      { method: 'POST', headers: json, body: ' '.repeat(17_000) },
    ],
    [
      'a delivery over the bound',
      413,
      'payload_too_large',
      '/webhooks/ledgerbee',
      { method: 'POST', body: ' '.repeat(263_000) },
    ],
  ] as const)('%s: %i %s', async (_, status, code, path, init) => {
    const answer = await kit.fetch(path, init);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(decodeRefusal(await answer.json()).code).toBe(code);
  });

  it('what is outside the base path: 404', async () => {
    for (const path of ['/', '/checkouts/attempts', '/checkout', '/other/checkout/attempts']) {
      expect((await kit.kit.fetch(new Request(`http://api.test${path}`))).status).toBe(404);
    }
  });

  it('a delivery over the bound that does not say its length, without reading it to its end', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1;
        controller.enqueue(new Uint8Array(64 * 1024));
      },
    });
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body: endless, duplex: 'half' };
    expect((await kit.fetch('/webhooks/ledgerbee', init)).status).toBe(413);
    expect(sent).toBeLessThan(10);
  });

  it('the merchant’s own failure is 500, and says nothing of it to the page', async () => {
    const broken = await world.kit({
      identify: () => Promise.reject(new Error('secret: the session store is down')),
    });
    const answer = await broken.fetch('/attempts', {
      method: 'POST',
      headers: json,
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
    expect(JSON.stringify(world.logs)).not.toContain('secret');
  });

  it.each([
    [
      'identify',
      {
        identify: () => {
          throw new TypeError('ada@example.test has no session');
        },
      },
    ],
    ['resolveOrder', { resolveOrder: () => Promise.reject(new TypeError('ada@example.test has no cart')) }],
    [
      'clientKey',
      {
        rateLimits: {},
        clientKey: () => {
          throw new TypeError('ada@example.test has no key');
        },
      },
    ],
  ])('the log says that %s threw, and where, without its words', async (name, options) => {
    const broken = await world.kit(options);
    world.logs.length = 0;
    const start = { method: 'POST', headers: json, body: JSON.stringify(body) };
    expect((await broken.fetch('/attempts', start)).status).toBe(500);
    expect(world.logs).toMatchObject([
      {
        level: 'error',
        event: 'http.failed',
        message: `Your function ${name} threw`,
        fields: {
          function: name,
          error: 'TypeError',
          code: null,
          at: expect.stringMatching(/kit-http\.test\.ts:\d+:\d+$/) as string,
        },
      },
    ]);
    expect(JSON.stringify(world.logs)).not.toContain('ada');
  });

  it('a merchant’s own database that is away is 503 too, and the log says whose function needed it', async () => {
    const away = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:5432'), { code: 'ECONNREFUSED' });
    const broken = await world.kit({ identify: () => Promise.reject(away) });
    world.logs.length = 0;
    const start = { method: 'POST', headers: json, body: JSON.stringify(body) };
    expect((await broken.fetch('/attempts', start)).status).toBe(503);
    expect(world.logs).toMatchObject([{ fields: { function: 'identify', code: 'ECONNREFUSED' } }]);
  });

  it('a database that is away is 503 with Retry-After', async () => {
    const { attempt } = await kit.start('order-away');
    const away = await world.kit();
    const gone = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const original = world.pool.connect.bind(world.pool);
    world.pool.connect = () => Promise.reject(gone) as never;
    try {
      const answer = await away.about(attempt, '');
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).not.toBeNull();
    } finally {
      world.pool.connect = original;
    }
  });
});

describe('a page', () => {
  const call = (headers: Record<string, string>, method = 'POST'): Promise<Response> =>
    kit.kit.fetch(
      new Request('http://api.test/checkout/attempts', {
        method,
        headers: { ...json, ...headers },
        ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
      }),
    );

  it.each([
    ['of a listed origin', 201, { origin: ORIGIN }],
    ['of a listed origin, across sites', 201, { origin: ORIGIN, 'sec-fetch-site': 'cross-site' }],
    ['of our own origin', 201, { origin: 'http://api.test' }],
    [
      'of our own origin behind a proxy, as the browser says',
      201,
      { origin: 'https://www.test', 'sec-fetch-site': 'same-origin' },
    ],
    ['of another origin', 403, { origin: 'http://evil.test' }],
    [
      'of a subdomain that is not listed',
      403,
      { origin: 'http://x.shop.test', 'sec-fetch-site': 'same-site' },
    ],
    ['of an opaque origin', 403, { origin: 'null' }],
    ['of a cross-site form', 403, { 'sec-fetch-site': 'cross-site' }],
    ['that names no origin', 403, {}],
  ])('%s: %i', async (_, status, headers) => {
    const answer = await call(headers);
    expect(answer.status).toBe(status);
    const listed = (headers as Record<string, string>)['origin'] === ORIGIN;
    expect(answer.headers.get('access-control-allow-origin')).toBe(listed ? ORIGIN : null);
    expect(answer.headers.get('vary')).toContain('Origin');
  });

  it('of a listed origin may ask before it calls, with credentials', async () => {
    const answer = await kit.kit.fetch(
      new Request(`http://api.test/checkout/attempts/${ID}/signals`, {
        method: 'OPTIONS',
        headers: { origin: ORIGIN, 'access-control-request-method': 'POST' },
      }),
    );
    expect(answer.status).toBe(204);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': expect.stringContaining('authorization') as string,
    });
  });

  it('of another origin is refused already then', async () => {
    expect((await call({ origin: 'http://evil.test' }, 'OPTIONS')).status).toBe(403);
  });

  it('can read refusals too, and their Retry-After', async () => {
    const answer = await kit.fetch(`/attempts/${ID}`, { headers: { authorization: 'Bearer x' } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(answer.headers.get('access-control-expose-headers')).toMatch(/ETag.*Retry-After/);
  });

  it('is never let in to the webhook’s answer, and the webhook asks for no origin', async () => {
    const answer = await kit.deliver({ id: 'msg-1', as: 'ignored' });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});
