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
