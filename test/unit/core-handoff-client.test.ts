import { describe, expect, it } from 'vitest';
import { HandoffClient, HandoffError, type AttemptRequest } from '../../src/core/handoff.js';
import {
  deferred,
  FakeBackend,
  FakeStore,
  FakeTimers,
  forbiddenStore,
  json,
  NETWORK_DOWN,
  never,
  refusal,
  settled,
  START_MS,
  type Call,
} from './core-fakes.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const REQUEST: AttemptRequest = {
  vendor: 'ledgerbee',
  order: 'order-1',
  plan: 'pro-plan',
  item: 'item-1',
  page: 'https://shop.example/buy?email=someone#top',
};
const HANDLE = { id: 'att_1', token: 'plainly-fake.token', expiresAt: '2026-06-03T12:00:00Z' };
const STARTED = { v: 1, attempt: HANDLE, next: { type: 'frame', bindToken: 'bind-1' } };
const OPEN = { v: 1, status: 'open' };

function setup(respond: (call: Call) => Response | Error | Promise<Response> = () => json(STARTED)) {
  const timers = new FakeTimers();
  const store = new FakeStore();
  const backend = new FakeBackend(respond);
  let ids = 0;
  const make = (over: Partial<ConstructorParameters<typeof HandoffClient>[0]> = {}) =>
    new HandoffClient({
      baseUrl: 'https://shop.example/checkout/',
      pageUrl: 'https://shop.example/buy',
      fetch: backend.fetch,
      store,
      timers,
      newId: () => `id-${(ids += 1)}`,
      ...over,
    });
  return { timers, store, backend, make, client: make(), signal: new AbortController().signal };
}

async function failure(promise: Promise<unknown>): Promise<HandoffError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HandoffError);
  return error as HandoffError;
}

describe('starting an attempt', () => {
  it('posts what the page knows under an idempotency key, the page without query and fragment', async () => {
    const { client, backend, signal } = setup();

    const started = await client.start(REQUEST, signal);

    expect(started).toEqual({ attempt: HANDLE, next: STARTED.next, reused: false });
    const [call] = backend.calls;
    expect(call).toMatchObject({ method: 'POST', url: 'https://shop.example/checkout/attempts' });
    expect(call?.headers.get('Idempotency-Key')).toBe('id-1');
    expect(call?.body).toEqual({
      v: 1,
      vendor: 'ledgerbee',
      order: 'order-1',
      plan: 'pro-plan',
      item: 'item-1',
      page: 'https://shop.example/buy',
    });
  });

  it('makes UUIDs for its keys when it is given no other', async () => {
    const { make, backend, signal } = setup();

    await make({ newId: undefined }).start(REQUEST, signal);

    expect(backend.calls[0]?.headers.get('Idempotency-Key')).toMatch(
      /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
    );
  });

  it('reuses the kept handle after a reload, and asks nobody', async () => {
    const { client, make, backend, signal } = setup();
    await client.start(REQUEST, signal);

    const again = await make().start({ ...REQUEST, item: 'item-2' }, signal);

    expect(again).toEqual({ attempt: HANDLE, next: { type: 'frame', bindToken: null }, reused: true });
    expect(backend.calls).toHaveLength(1);
  });

  it.each([
    ['another order', { ...REQUEST, order: 'order-2' }],
    ['another plan', { ...REQUEST, plan: 'basic-plan' }],
    ['no order at all', { ...REQUEST, order: undefined }],
  ])('opens another attempt for %s', async (_what, request) => {
    const { client, backend, signal } = setup();
    await client.start(REQUEST, signal);

    await client.start(request, signal);

    expect(backend.calls).toHaveLength(2);
  });

  it('always asks the backend where the next step may be a redirect', async () => {
    const { client, backend, signal } = setup();
    await client.start({ ...REQUEST, vendor: 'ledyer' }, signal);

    await client.start({ ...REQUEST, vendor: 'ledyer' }, signal);

    expect(backend.calls).toHaveLength(2);
  });

  it('gives every caller of one moment the same flight', async () => {
    const { client, backend, signal } = setup();

    const [one, two] = await Promise.all([client.start(REQUEST, signal), client.start(REQUEST, signal)]);

    expect(one).toBe(two);
    expect(backend.calls).toHaveLength(1);
  });

  it('ends an aborted wait at once and still keeps the handle that comes', async () => {
    const answer = deferred<Response>();
    const { client, signal } = setup(() => answer.promise);
    const leaving = new AbortController();
    const left = client.start(REQUEST, leaving.signal);
    const stayed = client.start(REQUEST, signal);

    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    answer.resolve(json(STARTED));

    expect((await stayed).attempt).toEqual(HANDLE);
    expect(client.stored(REQUEST)).toEqual(HANDLE);
  });

  it('tries three times under one key when the network fails, with growing pauses', async () => {
    const { client, backend, timers, signal } = setup(() => NETWORK_DOWN);

    const failed = failure(client.start(REQUEST, signal));
    await timers.advance(499);
    expect(backend.calls).toHaveLength(1);
    await timers.advance(1);
    expect(backend.calls).toHaveLength(2);
    await timers.advance(1_000);

    expect(await failed).toMatchObject({ code: 'network', status: null });
    expect(backend.calls.map(({ headers }) => headers.get('Idempotency-Key'))).toEqual([
      'id-1',
      'id-1',
      'id-1',
    ]);
    expect(timers.pending).toBe(0);
  });

  it('keeps the key for the next try of a start whose fate is unknown, and takes a new one afterwards', async () => {
    const { client, backend, timers, signal } = setup(() => NETWORK_DOWN);
    const failed = failure(client.start(REQUEST, signal));
    await timers.advance(10_000);
    await failed;

    backend.respond = () => json(STARTED);
    await client.start(REQUEST, signal);
    client.forget(REQUEST);
    await client.start(REQUEST, signal);

    expect(backend.calls.slice(-2).map(({ headers }) => headers.get('Idempotency-Key'))).toEqual([
      'id-1',
      'id-2',
    ]);
  });

  it.each([500, 520, 599])('tries again after %i: a server in trouble refuses nothing', async (status) => {
    const { client, backend, timers, signal } = setup(() => new Response('<h1>Trouble</h1>', { status }));
    const started = client.start(REQUEST, signal);
    await settled();
    backend.respond = () => json(STARTED);
    await timers.advance(START_MS);
    expect((await started).attempt).toEqual(HANDLE);
  });

  it('keeps no handle of a start that is over before it is answered: the next one is new', async () => {
    const { client, backend, make, signal } = setup();
    const [first, second] = [deferred<Response>(), deferred<Response>()];
    backend.respond = () => (backend.calls.length === 1 ? first.promise : second.promise);
    const begun = client.start(REQUEST, signal);
    await settled();
    client.forget(REQUEST);
    const next = client.start(REQUEST, signal);
    await settled();
    // Under one key they would be one attempt to the backend.
    expect(backend.calls.map(({ headers }) => headers.get('Idempotency-Key'))).toEqual(['id-1', 'id-2']);
    first.resolve(json(STARTED));
    await begun;
    expect(make().stored(REQUEST)).toBeNull();
    second.resolve(json(STARTED));
    await next;
    expect(make().stored(REQUEST)).toEqual(HANDLE);
  });

  it('waits as long as Retry-After says, and gives up when that is too long for a buyer', async () => {
    const { client, backend, timers, signal } = setup(() =>
      refusal(503, 'unavailable', { 'Retry-After': '3' }),
    );
    const failed = failure(client.start(REQUEST, signal));
    await timers.advance(2_999);
    expect(backend.calls).toHaveLength(1);
    backend.respond = () => refusal(503, 'unavailable', { 'Retry-After': '60' });
    await timers.advance(1);

    expect(await failed).toMatchObject({ code: 'unavailable', status: 503, retryAfterMs: 60_000 });
    expect(backend.calls).toHaveLength(2);
  });

  it('does not repeat a refusal', async () => {
    const { client, backend, signal } = setup(() => refusal(422, 'order_not_resolved'));

    expect(await failure(client.start(REQUEST, signal))).toMatchObject({
      code: 'order_not_resolved',
      status: 422,
    });
    expect(backend.calls).toHaveLength(1);
  });

  it.each([
    ['an id that is no path segment', { ...HANDLE, id: '../admin' }],
    ['a token that is no header value', { ...HANDLE, token: 'two words' }],
  ])('refuses %s', async (_what, attempt) => {
    const { client, store, signal } = setup(() => json({ ...STARTED, attempt }));

    expect(await failure(client.start(REQUEST, signal))).toMatchObject({ code: 'unreadable' });
    expect(store.text).toBe('');
  });

  it('refuses a redirect to anything but https', async () => {
    const { client, signal } = setup(() =>
      json({ ...STARTED, next: { type: 'redirect', url: 'javascript:alert(1)' } }),
    );

    expect(await failure(client.start(REQUEST, signal))).toMatchObject({ code: 'unreadable', status: 200 });
  });
});

describe('the kept handle', () => {
  it('is found by the id that a return URL carries', async () => {
    const { client, make, signal } = setup();
    await client.start(REQUEST, signal);

    expect(make().stored('att_1')).toEqual(HANDLE);
    expect(make().stored('att_2')).toBeNull();
  });

  it('ends after 24 hours', async () => {
    const { client, timers, signal } = setup();
    await client.start(REQUEST, signal);

    timers.sleep(DAY_MS - 1);
    expect(client.stored(REQUEST)).toEqual(HANDLE);
    timers.sleep(1);
    expect(client.stored(REQUEST)).toBeNull();
  });

  it('ends with the attempt when that is sooner', async () => {
    const expiresAt = new Date(START_MS + 60_000).toISOString();
    const { client, timers, signal } = setup(() => json({ ...STARTED, attempt: { ...HANDLE, expiresAt } }));
    await client.start(REQUEST, signal);

    timers.sleep(60_000);

    expect(client.stored(REQUEST)).toBeNull();
  });

  it('is the latest when it was begun last, be it again', async () => {
    let id = 'att_1';
    const { client, make, signal } = setup(() => json({ ...STARTED, attempt: { ...HANDLE, id } }));
    expect(client.latest()).toBeNull();
    await client.start(REQUEST, signal);
    id = 'att_2';
    await client.start({ ...REQUEST, order: 'order-2' }, signal);
    expect(make().latest()?.id).toBe('att_2');
    client.touch('att_1');
    client.touch('att_9');
    expect(make().latest()?.id).toBe('att_1');
    expect(client.stored({ ...REQUEST, order: 'order-2' })?.id).toBe('att_2');
  });

  it('is of one item where that alone is offered and the order has no name', async () => {
    const { client, signal } = setup();
    const unnamed = { vendor: 'ledgerbee', plan: 'pro-plan', page: REQUEST.page } as const;
    await client.start({ ...unnamed, onlyItem: 'item-1' }, signal);
    expect(client.stored({ ...unnamed, onlyItem: 'item-1' })).toEqual(HANDLE);
    expect(client.stored({ ...unnamed, onlyItem: 'item-2' })).toBeNull();
    expect(client.stored(unnamed)).toBeNull();
    await client.start({ ...REQUEST, onlyItem: 'item-1' }, signal);
    expect(client.stored({ ...REQUEST, onlyItem: 'item-2' })).toEqual(HANDLE);
  });

  it('keeps the stronger of two words, until the backend has judged', async () => {
    const { client, signal } = setup();
    await client.start(REQUEST, signal);
    for (const heard of ['pending', 'confirmed', 'pending'] as const) client.remember(REQUEST, heard);

    expect(client.heard(REQUEST)).toBe('confirmed');
    client.remember(REQUEST, null);
    expect(client.heard(REQUEST)).toBeNull();
  });

  it('keeps a word through another start of the order', async () => {
    const { client, signal } = setup();
    const request = { ...REQUEST, vendor: 'siglume' } as const;
    await client.start(request, signal);
    client.remember(request, 'confirmed');
    await client.start(request, signal);
    expect(client.heard(request)).toBe('confirmed');
    client.forget(request);
    await client.start(request, signal);
    expect(client.heard(request)).toBeNull();
  });

  it('lives in memory where storage throws on every call', async () => {
    const { make, backend, signal } = setup();
    const client = make({ store: forbiddenStore() });
    await client.start(REQUEST, signal);

    expect((await client.start(REQUEST, signal)).reused).toBe(true);
    expect(backend.calls).toHaveLength(1);
    client.forget(REQUEST);
    expect(client.stored(REQUEST)).toBeNull();
  });

  it.each(['not json', '{}', '[null,1,{"key":1}]', '[{"key":"k","attempt":{"id":"../x"}}]'])(
    'ignores what others wrote into storage: %s',
    async (text) => {
      const { client, store, signal } = setup();
      await client.start(REQUEST, signal);
      for (const key of store.items.keys()) store.setItem(key, text);

      expect(client.stored(REQUEST)).toBeNull();
      expect((await client.start(REQUEST, signal)).reused).toBe(false);
    },
  );

  it('is not taken from storage with an id that is no path segment', async () => {
    const { client, store, signal } = setup();
    await client.start(REQUEST, signal);
    for (const [key, text] of store.items) store.setItem(key, text.replace('att_1', '../x'));

    expect(client.stored(REQUEST)).toBeNull();
  });

  it('belongs to one backend', async () => {
    const { client, make, signal } = setup();
    await client.start(REQUEST, signal);

    expect(make({ baseUrl: 'https://other.example/checkout' }).stored(REQUEST)).toBeNull();
  });

  it.each([
    [401, 'unauthorized'],
    [404, 'not_found'],
  ])('is forgotten when the backend answers %i %s', async (status, code) => {
    const { client, backend, signal } = setup();
    await client.start(REQUEST, signal);
    backend.respond = () => refusal(status, code);

    expect(await failure(client.status(HANDLE, signal))).toMatchObject({ code });
    expect(client.stored(REQUEST)).toBeNull();
  });

  it('survives a 404 that is not of this protocol', async () => {
    const { client, backend, signal } = setup();
    await client.start(REQUEST, signal);
    backend.respond = () => new Response('<h1>Not found</h1>', { status: 404 });

    expect(await failure(client.status(HANDLE, signal))).toMatchObject({ code: 'unreadable', status: 404 });
    expect(client.stored(REQUEST)).toEqual(HANDLE);
  });
});

describe('every call', () => {
  it('carries the token in Authorization and nowhere else, and follows no redirect', async () => {
    const { client, backend, signal } = setup(() => json(OPEN));
    await client.status(HANDLE, signal);
    client.signal(HANDLE, { kind: 'initiated' });
    await settled();

    for (const { url, headers, body, init } of backend.calls) {
      expect(headers.get('Authorization')).toBe('Bearer plainly-fake.token');
      expect(url + JSON.stringify(body)).not.toContain('plainly-fake');
      expect(init).toMatchObject({ redirect: 'error', cache: 'no-store' });
    }
    expect(backend.calls).toHaveLength(2);
  });

  it('asks without a token where the page has none: the backend knows its buyer', async () => {
    const { client, backend, signal } = setup(() => json(OPEN));

    await client.status({ id: 'att_1', token: null }, signal);

    expect(backend.calls[0]?.headers.has('Authorization')).toBe(false);
  });

  it.each([
    ['same-origin', '/checkout', 'same-origin', 'https://shop.example/checkout/attempts/att_1'],
    ['cross-origin', 'https://pay.example/c', 'include', 'https://pay.example/c/attempts/att_1'],
  ])('sends credentials %s', async (_where, baseUrl, credentials, url) => {
    const { make, backend, signal } = setup(() => json(OPEN));

    await make({ baseUrl }).status(HANDLE, signal);

    expect(backend.calls[0]).toMatchObject({ url, init: { credentials } });
  });

  it.each(['../attempts', 'a/b', '', 'x?y', 'a'.repeat(129)])(
    'refuses the id %j before any request',
    async (id) => {
      const { client, backend, signal } = setup();

      expect(await failure(client.status({ ...HANDLE, id }, signal))).toMatchObject({ code: 'bad_request' });
      expect(backend.calls).toHaveLength(0);
    },
  );

  it.each(['javascript:alert(1)', 'data:text/html,x', 'ftp://shop.example/'])(
    'refuses the base %s',
    (baseUrl) => {
      const { make } = setup();

      expect(() => make({ baseUrl })).toThrow(TypeError);
    },
  );

  it('gives up after ten seconds without an answer', async () => {
    const { client, backend, timers, signal } = setup(never);
    const failed = failure(client.bindToken(HANDLE, signal));

    await timers.advance(10_000);

    expect(await failed).toMatchObject({ code: 'timeout' });
    expect(backend.calls[0]?.init.signal?.aborted).toBe(true);
    expect(timers.pending).toBe(0);
  });

  it("rejects with the caller's own reason when it is aborted", async () => {
    const { client, timers } = setup(never);
    const aborted = new AbortController();
    const call = client.bindToken(HANDLE, aborted.signal);

    aborted.abort(new Error('left the page'));

    await expect(call).rejects.toThrow('left the page');
    expect(timers.pending).toBe(0);
  });

  it.each([
    ['half a body', () => new Response('{"v":1,'), 'unreadable'],
    ['another version', () => json({ v: 2, status: 'open' }), 'unreadable'],
    ['a status nobody agreed on', () => json({ v: 1, status: 'paid' }), 'unreadable'],
    ['an HTML error page', () => new Response('<h1>Bad gateway</h1>', { status: 502 }), 'unreadable'],
    ['no connection', () => NETWORK_DOWN, 'network'],
  ])('names %s', async (_what, respond, code) => {
    const { client, signal } = setup(respond);

    expect(await failure(client.status(HANDLE, signal))).toMatchObject({ code });
  });
});

describe('the bind token', () => {
  it('is asked for anew each time', async () => {
    const { client, backend, signal } = setup(() => json({ v: 1, bindToken: null, unbound: 'anonymous' }));

    await client.bindToken(HANDLE, signal);
    expect(await client.bindToken(HANDLE, signal)).toEqual({ v: 1, bindToken: null, unbound: 'anonymous' });

    expect(backend.to('/attempts/att_1/bind-token')).toHaveLength(2);
  });
});

describe('the status', () => {
  it('sends the ETag it was given, and repeats the answer that has not changed', async () => {
    const { client, backend, signal } = setup(() => json(OPEN, { headers: { ETag: '"7"' } }));
    expect((await client.status(HANDLE, signal)).answer).toEqual(OPEN);
    backend.respond = () => new Response(null, { status: 304 });

    expect((await client.status(HANDLE, signal)).answer).toEqual(OPEN);

    expect(backend.calls.map(({ headers }) => headers.get('If-None-Match'))).toEqual([null, '"7"']);
  });

  it.each([
    ['seconds', { 'Retry-After': '7' }, {}, 7_000],
    ['a date', { 'Retry-After': 'Mon, 01 Jun 2026 12:00:09 GMT' }, {}, 9_000],
    ['a date that has passed', { 'Retry-After': 'Mon, 01 Jun 2026 11:00:00 GMT' }, {}, 0],
    ['the answer', {}, { retryAfterMs: 4_000 }, 4_000],
    ['nobody', {}, {}, null],
    ['nonsense', { 'Retry-After': 'soon' }, {}, null],
  ])('passes on the wish for the next call from %s', async (_from, headers, extra, expected) => {
    const { client, signal } = setup(() => json({ ...OPEN, ...extra }, { headers }));

    expect((await client.status(HANDLE, signal)).retryAfterMs).toBe(expected);
  });
});

describe('the stream', () => {
  const stream = (...chunks: string[]) =>
    new Response(chunks.join(''), { headers: { 'Content-Type': 'text/event-stream; charset=utf-8' } });

  it('gives each snapshot, and passes over comments and events of later versions', async () => {
    const { client, backend, signal } = setup(() =>
      stream(
        ': hello\n\ndata: {"v":1,"status":"open"}\n\n',
        'event: later\ndata: {}\n\n',
        'event: status\ndata: {"v":1,"status":"fulfilled"}\n\n',
      ),
    );
    const heard: string[] = [];

    await client.events(HANDLE, ({ status }) => heard.push(status), signal);

    expect(heard).toEqual(['open', 'fulfilled']);
    expect(backend.calls[0]?.headers.get('Accept')).toBe('text/event-stream');
  });

  it.each([
    ['an answer that is no stream', () => json(OPEN)],
    ['an event that is no answer', () => stream('data: {"v":1}\n\n')],
    ['an event without an end', () => stream('data: ' + 'x'.repeat(70_000))],
  ])('refuses %s', async (_what, respond) => {
    const { client, signal } = setup(respond);

    expect(await failure(client.events(HANDLE, () => undefined, signal))).toMatchObject({
      code: 'unreadable',
    });
  });

  it('takes silence for the end, and any comment for life', async () => {
    let feed: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void (feed = controller) });
    const { client, timers, signal } = setup(
      () => new Response(body, { headers: { 'Content-Type': 'text/event-stream' } }),
    );
    let failed: HandoffError | null = null;
    void failure(client.events(HANDLE, () => undefined, signal)).then((error) => (failed = error));
    await settled();
    feed?.enqueue(new TextEncoder().encode(': alive\n\n'));
    await timers.advance(34_000);
    feed?.enqueue(new TextEncoder().encode(': alive\n\n'));
    await timers.advance(34_999);
    expect(failed).toBeNull();

    await timers.advance(1);

    expect(failed).toMatchObject({ code: 'timeout' });
    expect(timers.pending).toBe(0);
  });
});
