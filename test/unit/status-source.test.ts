/** What is answered before the backend has heard of everything says nothing of whether another try is safe. */
import { expect, it, vi } from 'vitest';
import { HandoffClient } from '../../src/core/handoff.js';
import { statusSource } from '../../src/element/status-source.js';
import type { StatusAnswer } from '../../src/protocol/status.js';
import { FakeBackend, FakeStore, FakeTimers, json, NETWORK_DOWN, settled } from './core-fakes.js';

const HANDLE = { id: 'att_1', token: 'plainly-fake', expiresAt: '2026-06-03T12:00:00Z' };

it('in a stream, which need not say the same again: it is asked when all was told, once', async () => {
  let feed: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({ start: (controller) => void (feed = controller) });
  let isReached = false;
  const backend = new FakeBackend(({ url }) => {
    if (url.endsWith('/events'))
      return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
    return isReached ? json({ v: 1 }, { status: 202 }) : NETWORK_DOWN;
  });
  const timers = new FakeTimers();
  const store = new FakeStore();
  const client = new HandoffClient({
    baseUrl: 'https://shop.example/checkout',
    fetch: backend.fetch,
    store,
    timers,
  });
  client.signal(HANDLE, { kind: 'error' });
  const onTold = vi.fn();
  const source = statusSource({
    client,
    order: null,
    getStatus: () => null,
    mayAsk: () => true,
    start: () => Promise.resolve(HANDLE),
    attemptId: () => HANDLE.id,
    onTold,
  });
  const said: (boolean | undefined)[] = [];
  const stream = source.stream?.(({ retry }: StatusAnswer) => said.push(retry), new AbortController().signal);
  const say = async (): Promise<void> => {
    feed?.enqueue(new TextEncoder().encode('data: {"v":1,"status":"open","retry":true}\n\n'));
    await settled();
  };
  await settled();
  await say();
  await say();
  await timers.advance(5_000);
  expect([said, onTold.mock.calls.length]).toEqual([[false, false], 0]);
  isReached = true;
  await timers.advance(15_000);
  expect(onTold).toHaveBeenCalledOnce();
  await say();
  expect(said).toEqual([false, false, true]);
  feed?.close();
  await stream;
});
