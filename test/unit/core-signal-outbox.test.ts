import { describe, expect, it } from 'vitest';
import { HandoffClient } from '../../src/core/handoff.js';
import {
  FakeBackend,
  FakeStore,
  FakeTimers,
  forbiddenStore,
  json,
  NETWORK_DOWN,
  never,
  refusal,
  settled,
  type Call,
} from './core-fakes.js';

const HANDLE = { id: 'att_1', token: 'plainly-fake', expiresAt: '2026-06-02T12:00:00Z' };
const TAKEN = () => json({ v: 1 }, { status: 202 });

function setup(respond: (call: Call) => Response | Error | Promise<Response> = TAKEN) {
  const timers = new FakeTimers();
  const store = new FakeStore();
  const backend = new FakeBackend(respond);
  let ids = 0;
  /** Each call is another tab, or the page after a reload. */
  const open = (over: Partial<ConstructorParameters<typeof HandoffClient>[0]> = {}) =>
    new HandoffClient({
      baseUrl: 'https://shop.example/checkout',
      fetch: backend.fetch,
      store,
      timers,
      newId: () => `key-${(ids += 1)}`,
      ...over,
    });
  const keys = () => backend.calls.map(({ body }) => body['key']);
  return { timers, store, backend, open, keys };
}

describe('a signal', () => {
  it('goes out in the same task, fit to outlive the page', () => {
    const { open, backend } = setup();

    open().signal(HANDLE, { kind: 'confirmed', planItemId: 'item-1', status: 'CONFIRMED' });

    expect(backend.calls).toHaveLength(1);
    expect(backend.calls[0]).toMatchObject({
      method: 'POST',
      url: 'https://shop.example/checkout/attempts/att_1/signals',
      init: { keepalive: true },
    });
    expect(backend.calls[0]?.body).toEqual({
      v: 1,
      key: 'key-1',
      kind: 'confirmed',
      planItemId: 'item-1',
      status: 'CONFIRMED',
      at: '2026-06-01T12:00:00.000Z',
    });
  });

  it('leaves nothing behind once it was taken', async () => {
    const { open, store } = setup();

    open().signal(HANDLE, { kind: 'confirmed' });
    expect(store.text).toContain('key-1');
    await settled();

    expect(store.text).toBe('');
  });

  it.each([
    ['the network fails', () => NETWORK_DOWN],
    ['the backend is down', () => refusal(503, 'unavailable')],
    ['the backend has too many', () => refusal(429, 'rate_limited')],
    ['the backend timed out', () => new Response('', { status: 408 })],
    ['the backend broke', () => refusal(500, 'internal')],
  ])('waits when %s, and goes with the same key after a reload', async (_what, respond) => {
    const { open, backend, store, keys } = setup(respond);
    open().signal(HANDLE, { kind: 'confirmed' });
    await settled();

    backend.respond = TAKEN;
    await open().flush();

    expect(keys()).toEqual(['key-1', 'key-1']);
    expect(backend.calls[1]?.headers.get('Authorization')).toBe('Bearer plainly-fake');
    expect(store.text).toBe('');
  });

  it.each([
    [400, 'bad_request'],
    [401, 'unauthorized'],
    [403, 'origin_not_allowed'],
    [404, 'not_found'],
    [413, 'payload_too_large'],
  ])('is dropped when the backend refuses it for good with %i', async (status, code) => {
    const { open, store } = setup(() => refusal(status, code));

    open().signal(HANDLE, { kind: 'confirmed' });
    await settled();

    expect(store.text).toBe('');
  });

  it('waits when no answer comes in time', async () => {
    const { open, timers, store } = setup(never);
    open().signal(HANDLE, { kind: 'away' });

    await timers.advance(10_000);

    expect(store.text).toContain('key-1');
    expect(timers.pending).toBe(0);
  });

  it.each([404, 403])('waits when a page in the backend’s place answers %i', async (status) => {
    const { open, backend, store, keys } = setup(() => new Response('<h1>Back soon</h1>', { status }));
    open().signal(HANDLE, { kind: 'confirmed' });
    await settled();

    backend.respond = TAKEN;
    await open().flush();

    expect(keys()).toEqual(['key-1', 'key-1']);
    expect(store.text).toBe('');
  });

  it('loses the fields that the protocol would refuse, not itself', async () => {
    const { open, backend } = setup();

    open().signal(HANDLE, { kind: 'error', reason: 'x'.repeat(65), planItemId: 'item-1' });
    await settled();

    expect(backend.calls[0]?.body).toEqual({
      v: 1,
      key: 'key-1',
      kind: 'error',
      at: '2026-06-01T12:00:00.000Z',
    });
  });

  it('carries no field beyond the protocol', async () => {
    const { open, backend } = setup();
    const draft = { kind: 'pending', email: 'someone@shop.example' } as const;

    open().signal(HANDLE, draft);
    await settled();

    expect(Object.keys(backend.calls[0]!.body)).toEqual(['v', 'key', 'kind', 'at']);
  });

  it('never throws, whatever the id, the storage and the network are', async () => {
    const { open, backend } = setup(() => NETWORK_DOWN);
    const client = open({ store: forbiddenStore() });

    expect(() => client.signal({ ...HANDLE, id: '../x' }, { kind: 'away' })).not.toThrow();
    expect(() => client.signal(HANDLE, { kind: 'away' })).not.toThrow();

    await expect(client.flush()).resolves.toBeUndefined();
    expect(backend.to('/signals').every(({ url }) => !url.includes('..'))).toBe(true);
  });
});

describe('the outbox', () => {
  it('works from memory where storage is forbidden', async () => {
    const { open, backend, keys } = setup(() => NETWORK_DOWN);
    const client = open({ store: forbiddenStore() });
    client.signal(HANDLE, { kind: 'confirmed' });
    await settled();

    backend.respond = TAKEN;
    await client.flush();
    await client.flush();

    expect(keys()).toEqual(['key-1', 'key-1']);
  });

  it('keeps what another tab wrote while storage took nothing of this one', async () => {
    const { open, backend, store, keys } = setup(() => NETWORK_DOWN);
    const otherStore = new FakeStore();
    open({ store: otherStore }).signal(HANDLE, { kind: 'away' });
    const client = open();
    store.isFull = true;
    client.signal(HANDLE, { kind: 'initiated' });
    await settled();
    store.isFull = false;
    for (const [key, value] of otherStore.items) store.setItem(key, value);

    client.signal(HANDLE, { kind: 'confirmed' });
    await settled();
    backend.respond = TAKEN;
    backend.calls.length = 0;
    await open().flush();

    expect(keys()).toEqual(['key-1', 'key-2', 'key-3']);
  });

  it('does not send again what is on its way', async () => {
    const { open, keys } = setup(never);
    const client = open();
    client.signal(HANDLE, { kind: 'initiated' });

    void client.flush();
    client.signal(HANDLE, { kind: 'confirmed' });
    await settled();

    expect(keys()).toEqual(['key-1', 'key-2']);
  });

  it('sends an entry twice under one key when two tabs flush at once, and then holds nothing', async () => {
    const { open, backend, store, keys } = setup(() => NETWORK_DOWN);
    open().signal(HANDLE, { kind: 'confirmed' });
    await settled();
    backend.respond = TAKEN;

    await Promise.all([open().flush(), open().flush()]);

    expect(keys()).toEqual(['key-1', 'key-1', 'key-1']);
    expect(store.text).toBe('');
  });

  it('keeps what another tab added meanwhile', async () => {
    const { open, backend, store } = setup(() => NETWORK_DOWN);
    const [one, two] = [open(), open()];
    one.signal(HANDLE, { kind: 'initiated' });
    two.signal(HANDLE, { kind: 'confirmed' });
    await settled();

    backend.respond = ({ body }) => (body['key'] === 'key-1' ? TAKEN() : NETWORK_DOWN);
    await one.flush();

    expect(store.text).not.toContain('key-1');
    expect(store.text).toContain('key-2');
  });

  it('holds the newest twenty, below what browsers let a leaving page send', async () => {
    const { open, store, backend } = setup(() => NETWORK_DOWN);
    const client = open();
    const long = 'ø'.repeat(255);
    for (let count = 1; count <= 25; count += 1) {
      client.signal(HANDLE, { kind: 'error', planItemId: long, planVersionId: long, reason: 'ø'.repeat(64) });
      await settled();
    }
    backend.calls.length = 0;

    await client.flush();

    expect(backend.calls.map(({ body }) => body['key'])).toEqual(
      Array.from({ length: 20 }, (_, index) => `key-${index + 6}`),
    );
    const bytes = backend.calls.map(({ init }) => new TextEncoder().encode(init.body as string).length);
    expect(bytes.reduce((sum, one) => sum + one)).toBeLessThan(64 * 1024);
    expect([...store.items]).toHaveLength(1);
  });

  it('lets weaker words go first where there is no room', async () => {
    const { open, store } = setup(() => NETWORK_DOWN);
    const client = open();
    client.signal(HANDLE, { kind: 'confirmed' });
    for (const kind of ['closed', 'pending'] as const) client.signal(HANDLE, { kind });
    for (let count = 0; count < 20; count += 1) client.signal(HANDLE, { kind: 'initiated' });
    await settled();

    const kept = [...store.items.values()].flatMap(
      (text) => JSON.parse(text) as { signal: { kind: string } }[],
    );
    expect(kept.map(({ signal }) => signal.kind)).toEqual([
      'confirmed',
      'pending',
      ...Array(18).fill('initiated'),
    ]);
  });

  it('holds one "returned" of an attempt: a page may come back often', async () => {
    const { open, backend } = setup(() => NETWORK_DOWN);
    const client = open();
    for (const id of ['att_1', 'att_2', 'att_1']) client.signal({ ...HANDLE, id }, { kind: 'returned' });
    await settled();
    backend.respond = TAKEN;
    backend.calls.length = 0;
    await client.flush();
    expect(backend.calls.map(({ url }) => url.split('/').at(-2))).toEqual(['att_1', 'att_2']);

    // What was taken was of another return.
    client.signal(HANDLE, { kind: 'returned' });
    expect(backend.calls).toHaveLength(3);
  });

  it('forgets a signal after a day: its token has ended', async () => {
    const { open, timers, backend } = setup(() => NETWORK_DOWN);
    open().signal(HANDLE, { kind: 'confirmed' });
    await settled();
    backend.calls.length = 0;

    timers.sleep(24 * 60 * 60 * 1000);
    await open().flush();

    expect(backend.calls).toHaveLength(0);
  });

  it.each(['nonsense', '[{}]', '[{"attempt":{"id":"../x","token":"t"},"signal":{"v":1}}]'])(
    'ignores what others wrote into storage: %s',
    async (text) => {
      const { open, store, backend } = setup();
      open().signal(HANDLE, { kind: 'confirmed' });
      const [key] = [...store.items.keys()];
      await settled();
      store.setItem(key!, text);
      backend.calls.length = 0;

      await open().flush();

      expect(backend.calls).toHaveLength(0);
    },
  );
});

describe('what the backend was not told', () => {
  it.each<[string, () => Response | Error | Promise<Response>, boolean]>([
    ['is on its way', never, true],
    ['waits', () => NETWORK_DOWN, true],
    ['met a page of a deploy', () => new Response('<h1>Back soon</h1>', { status: 404 }), true],
    ['was refused for good', () => refusal(400, 'bad_request'), true],
    ['was taken', TAKEN, false],
  ])('is known: a signal that %s', async (_, respond, isUntold) => {
    const client = setup(respond).open();
    client.signal(HANDLE, { kind: 'error' });
    await settled();
    expect(client.isUntold(HANDLE)).toBe(isUntold);
    expect(client.isUntold({ ...HANDLE, id: 'att_2' })).toBe(false);
  });

  it('is known of what another tab has waiting', async () => {
    const { open } = setup(() => NETWORK_DOWN);
    open().signal(HANDLE, { kind: 'error' });
    await settled();
    expect(open().isUntold(HANDLE)).toBe(true);
  });

  it('is told when all of it is told anew', async () => {
    const { open, backend } = setup(() => refusal(401, 'unauthorized'));
    const client = open();
    client.signal(HANDLE, { kind: 'error' });
    await settled();
    expect([client.isRefused(HANDLE), client.hasRefusedSignal(HANDLE)]).toEqual([true, true]);
    client.signalAnew(HANDLE, []);
    expect(client.isUntold(HANDLE)).toBe(true);
    backend.respond = TAKEN;
    client.signalAnew({ ...HANDLE, token: 'another' }, [{ kind: 'error' }]);
    await settled();
    expect(client.isUntold(HANDLE)).toBe(false);
    // The backend gives the same attempt to whoever is logged in.
    backend.respond = () => json({ v: 1, attempt: HANDLE, next: { type: 'frame', bindToken: null } });
    await client.start({ vendor: 'ledgerbee', page: 'https://shop.example/' }, new AbortController().signal);
    expect(client.isRefused(HANDLE)).toBe(false);
  });

  it('is sent again beside a question after 5 s, 10 s and so on, and when the backend wants it', async () => {
    const { open, backend, timers } = setup(() => NETWORK_DOWN);
    const client = open();
    client.signal(HANDLE, { kind: 'error' });
    const sentAfter = async (ms: number): Promise<number> => {
      await timers.advance(ms);
      await client.resend();
      return backend.calls.length;
    };
    expect([await sentAfter(4_999), await sentAfter(1)]).toEqual([1, 2]);
    backend.respond = () => refusal(429, 'rate_limited', { 'Retry-After': '30' });
    expect([await sentAfter(9_999), await sentAfter(1)]).toEqual([2, 3]);
    expect([await sentAfter(29_999), await sentAfter(1)]).toEqual([3, 4]);
    // Whoever comes back sends all at once.
    await client.flush();
    expect(backend.calls).toHaveLength(5);
  });

  it('is waited for, and sent again meanwhile', async () => {
    const { open, backend, timers } = setup(() => NETWORK_DOWN);
    const client = open();
    const [told, left] = [new AbortController(), new AbortController()];
    const ended: string[] = [];
    client.signal(HANDLE, { kind: 'error' });
    void client.whenTold(HANDLE, told.signal).then(() => ended.push('told'));
    void client.whenTold(HANDLE, left.signal).then(() => ended.push('left'));
    await timers.advance(5_000);
    expect([backend.calls.length, ended]).toEqual([2, []]);
    left.abort();
    await settled();
    expect(ended).toEqual(['left']);
    backend.respond = TAKEN;
    await timers.advance(15_000);
    expect(ended).toEqual(['left', 'told']);
    expect(timers.pending).toBe(0);
  });
});

describe('a backend made by hand that has no signals', () => {
  const STRAY = () => new Response('<h1>Not found</h1>', { status: 404 });
  const made = ({ url }: Call) => (url.endsWith('/signals') ? STRAY() : json({ v: 1, status: 'open' }));
  const ask = (client: HandoffClient) =>
    client.status(HANDLE, new AbortController().signal).catch(() => null);

  it('is known by two signals that met something else, while it answered before each', async () => {
    const client = setup(made).open();
    await ask(client);
    client.signal(HANDLE, { kind: 'initiated' });
    await settled();
    // Another signal of the same moment proves no more.
    await client.flush();
    expect(client.isUntold(HANDLE)).toBe(true);
    await ask(client);
    client.signal(HANDLE, { kind: 'error' });
    expect(client.isUntold(HANDLE)).toBe(true);
    await settled();
    expect(client.isUntold(HANDLE)).toBe(false);
  });

  it('is none where it takes one after all', async () => {
    const { open, backend } = setup(made);
    const client = open();
    for (const kind of ['initiated', 'error'] as const) {
      await ask(client);
      client.signal(HANDLE, { kind });
      await settled();
    }
    backend.respond = ({ body }) => (body['key'] === 'key-1' ? TAKEN() : NETWORK_DOWN);
    await client.flush();
    expect(client.isUntold(HANDLE)).toBe(true);
  });

  it('is none where a deploy stands in the place of all it has', async () => {
    const { open, backend } = setup(made);
    const client = open();
    await ask(client);
    backend.respond = STRAY;
    client.signal(HANDLE, { kind: 'error' });
    for (let times = 0; times < 5; times += 1) {
      await settled();
      await ask(client);
      await client.flush();
    }
    expect(client.isUntold(HANDLE)).toBe(true);
  });
});
