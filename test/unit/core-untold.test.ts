/** What was heard of a checkout that has no attempt yet: whoever starts it has it told. */
import { describe, expect, it } from 'vitest';
import { HandoffClient, type AttemptRequest } from '../../src/core/handoff.js';
import {
  deferred,
  FakeBackend,
  FakeStore,
  FakeTimers,
  json,
  NETWORK_DOWN,
  refusal,
  settled,
  type Call,
} from './core-fakes.js';

const REQUEST: AttemptRequest = {
  vendor: 'ledgerbee',
  order: 'order-1',
  item: 'item-1',
  page: 'https://shop.example/buy',
};
const HANDLE = { id: 'att_1', token: 'plainly-fake', expiresAt: '2026-06-03T12:00:00Z' };
const FRAME = { type: 'frame', bindToken: null };
const UNTOLD = {
  request: REQUEST,
  drafts: [{ kind: 'initiated' }, { kind: 'confirmed' }],
  heard: null,
} as const;

const opens =
  (next: object = FRAME) =>
  ({ url }: Call) =>
    url.endsWith('/attempts') ? json({ v: 1, attempt: HANDLE, next }) : json({ v: 1 }, { status: 202 });

function setup(respond: (call: Call) => Response | Error | Promise<Response>) {
  const timers = new FakeTimers();
  const store = new FakeStore();
  const backend = new FakeBackend(respond);
  const open = () =>
    new HandoffClient({ baseUrl: 'https://shop.example/checkout', fetch: backend.fetch, store, timers });
  const kinds = () => backend.to('/signals').map(({ body }) => body['kind']);
  return { timers, backend, client: open(), open, kinds, signal: new AbortController().signal };
}

/** All tries of a start have failed. */
async function held(): Promise<ReturnType<typeof setup>> {
  const all = setup(() => NETWORK_DOWN);
  const told = all.client.tellLater(UNTOLD).catch(() => null);
  await all.timers.advance(2_000);
  await told;
  all.backend.respond = opens();
  all.backend.calls.length = 0;
  return all;
}

it('is told with the start that is made for it', async () => {
  const { client, kinds } = setup(opens());
  await client.tellLater(UNTOLD);
  expect(kinds()).toEqual(['initiated', 'confirmed']);
});

describe('where that failed', () => {
  it('is told with whichever start of the same checkout succeeds, once and in its order', async () => {
    const { client, kinds, signal } = await held();
    await client.start({ ...REQUEST, order: 'order-2' }, signal);
    expect(kinds()).toEqual([]);
    client.forget({ ...REQUEST, order: 'order-2' });
    await client.start({ ...REQUEST, item: 'item-2' }, signal);
    await client.flush();
    expect(kinds()).toEqual(['initiated', 'confirmed']);
  });

  it('is told by a handle that another tab has kept', async () => {
    const { client, open, backend, kinds, signal } = await held();
    await open().start(REQUEST, signal);
    await client.flush();
    expect(kinds()).toEqual(['initiated', 'confirmed']);
    expect(backend.to('/attempts')).toHaveLength(1);
  });

  it('is tried again with each flush, under the same key', async () => {
    const { client, backend, timers, kinds } = await held();
    backend.respond = () => NETWORK_DOWN;
    const flushed = client.flush();
    await timers.advance(2_000);
    await flushed;
    backend.respond = opens();
    await client.flush();
    expect(kinds()).toEqual(['initiated', 'confirmed']);
    expect(new Set(backend.to('/attempts').map(({ headers }) => headers.get('Idempotency-Key'))).size).toBe(
      1,
    );
  });

  it('is joined by what is heard later, and the stronger word is remembered', async () => {
    const { client, backend, timers, kinds } = await held();
    backend.respond = () => NETWORK_DOWN;
    const more = client.tellLater({ request: REQUEST, drafts: [{ kind: 'returned' }], heard: 'confirmed' });
    more.catch(() => null);
    await timers.advance(2_000);
    backend.respond = opens();
    await client.flush();
    expect(kinds()).toEqual(['initiated', 'confirmed', 'returned']);
    expect(client.heard(REQUEST)).toBe('confirmed');
  });

  it('is not tried before the backend wants to be asked', async () => {
    const { client, backend, timers, kinds } = await held();
    backend.respond = () => refusal(429, 'rate_limited', { 'Retry-After': '20' });
    await client.flush();
    await client.flush();
    expect(backend.to('/attempts')).toHaveLength(1);
    backend.respond = opens();
    await timers.advance(20_000);
    await client.flush();
    expect(kinds()).toEqual(['initiated', 'confirmed']);
  });

  it.each([
    ['a refusal for good', () => refusal(422, 'order_not_resolved'), 1],
    ['a page of a deploy', () => new Response('<h1>Back soon</h1>', { status: 404 }), 2],
  ])('%s: starts afterwards', async (_, respond, starts) => {
    const { client, backend } = await held();
    backend.respond = respond;
    await client.flush();
    backend.respond = opens();
    await client.flush();
    expect(backend.to('/attempts')).toHaveLength(starts);
  });

  it('is let go with the checkout that is forgotten, also where its start is on its way', async () => {
    const { client, backend, kinds } = await held();
    const answer = deferred<Response>();
    backend.respond = (call) => (call.url.endsWith('/attempts') ? answer.promise : opens()(call));
    const flushed = client.flush();
    await settled();
    client.forget(REQUEST);
    answer.resolve(json({ v: 1, attempt: HANDLE, next: FRAME }));
    await flushed;
    await client.flush();
    expect([kinds(), backend.to('/attempts').length]).toEqual([[], 1]);
  });

  it('keeps no handle of a checkout that is to wait: the next visit is to hear that too', async () => {
    const { client, backend, kinds } = await held();
    backend.respond = opens({ type: 'wait', retryAfterMs: 1_000 });
    await client.flush();
    expect(kinds()).toEqual(['initiated', 'confirmed']);
    expect(client.stored(REQUEST)).toBeNull();
  });
});
