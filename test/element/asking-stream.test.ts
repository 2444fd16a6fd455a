/** A backend that can stream is listened to while the buyer waits: it says its word when it has one. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CheckoutEmbed } from 'checkout-embed';
import { handoff, type HandoffStub } from './handoff-stub.js';
import { eventually, heard, hushed, judged, mount, PICK, reach, say } from './support.js';

const STATUS = 'GET /attempts/att_1';
const STREAM = 'GET /attempts/att_1/events';

/** A backend of its own for each test: what one asked for stands for the whole page. */
let shops = 0;
let backend: HandoffStub;

beforeEach(() => {
  hushed();
  localStorage.clear();
  shops += 1;
  backend = handoff();
  backend.canStream = true;
  backend.status = 'processing';
});
afterEach(() => vi.restoreAllMocks());

describe('the stream of a backend', () => {
  it('gives the verdict, and no status is asked for beside it', async () => {
    const element = await confirmed();
    const [stream] = backend.streams;
    stream?.tell('processing');
    await judged();
    expect(element.state).toBe('confirmed');
    stream?.tell('fulfilled');
    await reach(element, 'settled');
    const [opened, ...more] = backend.to(STREAM);
    expect(opened?.headers.get('Accept')).toBe('text/event-stream');
    expect(opened?.headers.get('Authorization')).toBe('Bearer secret');
    expect([more, backend.to(STATUS)]).toEqual([[], []]);
  });

  it.each([
    ['fulfilled', 'settled'],
    ['review', 'unsettled'],
    ['failed', 'failed'],
  ] as const)('says "%s", and the element is %s', async (status, state) => {
    const element = await confirmed();
    const told = heard(element, `checkout-${state}`);
    backend.streams[0]?.tell(status);
    expect((await told).source).toBe('stream');
    expect(backend.to(STATUS)).toEqual([]);
  });

  it('is the source of what it says, though the page has come with a function of its own since', async () => {
    const element = await confirmed();
    const told = heard(element, 'checkout-settled');
    element.getStatus = () => new Promise(() => undefined);
    await element.updateComplete;
    backend.streams[0]?.tell('fulfilled');
    expect((await told).source).toBe('stream');
  });

  it.each([
    ['hidden', document, 'visibilityState', 'hidden', document, 'visibilitychange', 'visibilitychange'],
    ['offline', navigator, 'onLine', false, window, 'offline', 'online'],
  ] as const)('is closed while the page is %s, and opened again on return', async (...row) => {
    const [, owner, name, away, teller, leaving, coming] = row;
    const element = await confirmed();
    const spy = vi.spyOn(owner as unknown as Record<string, unknown>, name, 'get').mockReturnValue(away);
    teller.dispatchEvent(new Event(leaving));
    expect(backend.streams.map(({ isClosed }) => isClosed)).toEqual([true]);
    await judged();
    expect(backend.to(STREAM)).toHaveLength(1);
    // Said while nobody listened: the next stream begins with it.
    backend.status = 'fulfilled';
    spy.mockRestore();
    teller.dispatchEvent(new Event(coming));
    await reach(element, 'settled');
    expect(backend.to(STREAM)).toHaveLength(2);
    expect(backend.to(STATUS)).toEqual([]);
  });

  it('is closed once the verdict is there', async () => {
    const element = await confirmed();
    backend.streams[0]?.tell('fulfilled');
    await reach(element, 'settled');
    await eventually(() => expect(backend.streams.map(({ isClosed }) => isClosed)).toEqual([true]));
  });

  it('is closed when the element goes', async () => {
    const element = await confirmed();
    element.remove();
    await eventually(() => expect(backend.streams.map(({ isClosed }) => isClosed)).toEqual([true]));
    await judged();
    expect(backend.to(STREAM)).toHaveLength(1);
  });

  it('is opened again where the backend has ended it, as a deploy does', async () => {
    const element = await confirmed();
    backend.status = 'fulfilled';
    backend.streams[0]?.end();
    await reach(element, 'settled');
    expect([backend.to(STREAM).length, backend.to(STATUS)]).toEqual([2, []]);
  });

  it('is not opened where the page has a function of its own to ask', async () => {
    const getStatus = vi.fn(() => Promise.resolve({ status: 'fulfilled' as const }));
    const element = await ready();
    element.getStatus = getStatus;
    say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
    await reach(element, 'settled');
    expect(getStatus).toHaveBeenCalled();
    expect([backend.to(STREAM), backend.to(STATUS)]).toEqual([[], []]);
  });
});

function ready(): Promise<CheckoutEmbed> {
  return mount(
    `target="inline" handoff-url="/stream-${String(shops)}/checkout" order="ord_streamed_${String(shops)}"`,
  ).then(async (element) => {
    await reach(element, 'ready');
    return element;
  });
}

/** Waiting for the verdict, with one stream open that has said what there is. */
async function confirmed(): Promise<CheckoutEmbed> {
  const element = await ready();
  say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
  await reach(element, 'confirmed');
  await eventually(() => expect(backend.streams).toHaveLength(1));
  await judged();
  return element;
}
