/** After a word of a payment no way of coming back to the page offers the same order again. */
import { fixture } from '@open-wc/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CheckoutEmbed, CheckoutState, StatusAnswer } from 'checkout-embed';
import type { OrderStatus } from 'checkout-embed/core';
import { handoff, type HandoffStub } from './handoff-stub.js';
import {
  eventually,
  fillStorage,
  heard,
  hushed,
  isInView,
  judged,
  mount,
  part,
  PICK,
  PORTAL,
  reach,
  say,
} from './support.js';

const CONFIRMED = { ...PICK, status: 'CONFIRMED' } as const;
const PICKED = { ...PICK, vanity: 'pro-plan' } as const;
const HANDOFF = 'handoff-url="/checkout"';
const PASTED = `<iframe src="${PORTAL}/embed/pro-plan?target=inline"></iframe>`;

beforeEach(() => {
  hushed();
  localStorage.clear();
});
afterEach(() => {
  localStorage.clear();
  vi.restoreAllMocks();
});

it.each([
  ['the frame', (element: CheckoutEmbed) => say(element, 'checkoutClosed', PICK)],
  ['the page', (element: CheckoutEmbed) => element.close()],
])('a failure that may hide a payment is not closed over by %s', async (_, close) => {
  const element = await mount('target="inline"');
  let answer: Omit<StatusAnswer, 'v'> = { status: 'open' };
  element.getStatus = () => Promise.resolve(answer);
  await reach(element, 'ready');
  say(element, 'checkoutError', { ...PICK, reason: 'CONFIRM_FAILED' });
  await reach(element, 'error');
  close(element);
  await reach(element, 'closed');
  expect(part(element, 'button')).toBeNull();
  expect(part(element, 'message')?.textContent).toContain('checking');
  element.retry();
  expect(element.state).toBe('closed');
  answer = { status: 'open', retry: true };
  await eventually(() => expect(part(element, 'button')).not.toBeNull());
  part(element, 'button')?.click();
  await reach(element, 'ready');
});

describe('an order of which a confirmation was heard is not offered', () => {
  it('by another element, as a framework or a reload makes one, also without a backend', async () => {
    await confirmed('order="ord_1"');
    const other = await mount('target="inline" order="ord_1"');
    await reach(other, 'confirmed');
    expect(other.querySelector('iframe')?.checkVisibility({ visibilityProperty: true })).not.toBe(true);
  });

  it.each(['order="ord_1"', ''])('after a reload where the backend could not be told: %s', async (order) => {
    const backend = handoff();
    backend.down = true;
    await confirmed(`${HANDOFF} ${order}`);
    await reach(await mount(`target="inline" ${HANDOFF} ${order}`), 'confirmed');
  });

  it.each<[string, (element: CheckoutEmbed) => void, string]>([
    ['which order it is', (element) => (element.order = 'ord_1'), 'order="ord_1"'],
    ['whom to ask', (element) => (element.handoffUrl = '/checkout'), HANDOFF],
  ])('by an element that is told only then %s, nor after a reload', async (_, tell, later) => {
    handoff();
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    tell(element);
    await element.updateComplete;
    await judged();
    expect([element.state, isInView(element)]).toEqual(['confirmed', false]);
    element.remove();
    await judged();
    expect((await mount(`target="inline" ${later}`)).state).toBe('confirmed');
  });

  it('by one whose order loses its name for a moment', async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    for (const order of ['ord_1', null]) {
      element.order = order;
      await element.updateComplete;
      await judged();
      expect(element.state).toBe('confirmed');
    }
    // It was about one order.
    element.order = 'ord_2';
    await reach(element, 'ready');
  });

  it('but any other is, of a page that showed before it names one what was bought without a name', async () => {
    handoff();
    await confirmed(HANDOFF);
    const element = await mount(`target="inline" ${HANDOFF}`);
    await reach(element, 'confirmed');
    element.order = 'ord_other';
    await reach(element, 'ready');
  });

  it('where less had been known of it before, by an element that is told only then which order it is', async () => {
    handoff();
    const offer = JSON.stringify([PORTAL, '/embed/pro-plan', null]);
    const keep = (word: string): void => {
      const entries = [{ offer, word, atMs: Date.now() }];
      localStorage.setItem('checkout-embed:heard', JSON.stringify(entries));
    };
    keep('pending');
    const element = await mount(`target="inline" ${HANDOFF}`);
    await reach(element, 'pending');
    keep('confirmed');
    window.dispatchEvent(new StorageEvent('storage', { key: 'checkout-embed:heard' }));
    await reach(element, 'confirmed');
    element.order = 'ord_stronger';
    await element.updateComplete;
    await judged();
    expect([element.state, isInView(element)]).toEqual(['confirmed', false]);
  });

  it('by one that asks another backend, or none, in the same page', async () => {
    handoff();
    const other = await mount('target="inline" order="ord_both"');
    await reach(other, 'ready');
    const element = await mount(`target="inline" ${HANDOFF} order="ord_both"`);
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(other, 'confirmed');
    expect(isInView(other)).toBe(false);
  });

  it('by one that asks another backend, or none, in another tab', async () => {
    const element = await mount('target="inline" order="ord_tab"');
    await reach(element, 'ready');
    // A document of its own: the browser tells this one.
    const tab = document.body.appendChild(document.createElement('iframe'));
    const offer = JSON.stringify([PORTAL, 'ord_tab']);
    const heardThere = JSON.stringify([{ offer, word: 'confirmed', atMs: Date.now() }]);
    tab.contentWindow?.localStorage.setItem('checkout-embed:heard', heardThere);
    await reach(element, 'confirmed');
    expect(isInView(element)).toBe(false);
    tab.remove();
  });

  it('where storage was full when another was heard of', async () => {
    keepWords('ord_b');
    const element = await mount('target="inline" order="ord_a"');
    await reach(element, 'ready');
    fillStorage();
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    element.order = 'ord_b';
    await element.updateComplete;
    await judged();
    expect(element.state).toBe('confirmed');
    expect((await mount('target="inline" order="ord_b"')).state).toBe('confirmed');
  });

  it('where storage was full when another was forgotten, which may be bought', async () => {
    keepWords('ord_a', 'ord_b');
    const element = await mount('target="inline" order="ord_a"');
    await reach(element, 'confirmed');
    fillStorage();
    element.reset();
    await reach(element, 'ready');
    element.order = 'ord_b';
    await reach(element, 'confirmed');
    element.order = 'ord_a';
    await reach(element, 'ready');
  });

  it('where a weaker word is heard after it', async () => {
    const element = await mount('target="inline" order="ord_1"');
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', { ...PICK, status: 'PENDING_VERIFICATION' });
    await reach(element, 'pending');
    keepWords('ord_1');
    element.getStatus = () => Promise.resolve({ status: 'open' });
    await element.updateComplete;
    await judged();
    expect((await mount('target="inline" order="ord_1"')).state).toBe('confirmed');
  });

  it('with another item chosen for it', async () => {
    const element = await mount('target="inline" order="ord_1"');
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    element.item = 'item_2';
    element.forced = true;
    await element.updateComplete;
    await judged();
    expect(element.state).toBe('confirmed');
  });

  it('by a page that comes back from the back/forward cache', async () => {
    handoff();
    const element = await mount(`target="inline" ${HANDOFF} order="ord_1"`);
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'checkout');
    await eventually(() => expect(element.attemptId).toBe('att_1'));
    // Another page of this tab wrote it, to which this one was asleep. Whole, whatever stands there: where an entry
    // was only edited, the wait below has been seen to have no end on a busy machine.
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const kept = {
      key: JSON.stringify(['ledgerbee', 'ord_1', 'pro-plan']),
      attempt: { id: 'att_1', token: 'secret', expiresAt },
      keptAtMs: Date.now(),
      heard: 'confirmed',
    };
    localStorage.setItem(
      `checkout-embed:attempts:${new URL('/checkout', location.href).href}`,
      JSON.stringify([kept]),
    );
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    await reach(element, 'confirmed');
  });

  it('after a reload where the backend had settled it and is down now', async () => {
    const backend = handoff();
    const element = await mount(`target="inline" ${HANDOFF}`);
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await eventually(() => expect(element.attemptId).toBe('att_1'));
    backend.status = 'fulfilled';
    window.dispatchEvent(new Event('focus'));
    await reach(element, 'settled');
    element.remove();
    await judged();
    backend.down = true;
    await reach(await mount(`target="inline" ${HANDOFF}`), 'confirmed');
  });

  it('by an element put in again after "we have your order", of which the frame had said nothing', async () => {
    const element = await mount('target="inline"');
    element.getStatus = () => Promise.resolve({ status: 'review' });
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'checkout');
    window.dispatchEvent(new Event('focus'));
    await reach(element, 'unsettled');
    const parent = element.parentElement;
    element.remove();
    await judged();
    parent?.append(element);
    await reach(element, 'confirmed');
  });
});

it('"check your inbox" gives way to what another tab heard while the page was in the cache', async () => {
  const element = await mount('target="inline" order="ord_1"');
  await reach(element, 'ready');
  say(element, 'checkoutConfirmed', { ...PICK, status: 'PENDING_VERIFICATION' });
  await reach(element, 'pending');
  const words = [{ offer: JSON.stringify([PORTAL, 'ord_1']), word: 'confirmed', atMs: Date.now() }];
  localStorage.setItem('checkout-embed:heard', JSON.stringify(words));
  window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  await reach(element, 'confirmed');
});

describe('a failure of before says nothing of another try', () => {
  /** An order of its own for each test: how one failed is known to the whole page. */
  let orders = 0;
  let offer = '';
  beforeEach(() => {
    offer = `target="inline" ${HANDOFF} order="failing-${String((orders += 1))}"`;
  });

  it.each([
    [
      'after a reload',
      async (element: CheckoutEmbed) => {
        element.remove();
        await judged();
        return mount(offer);
      },
    ],
    [
      'after reset()',
      (element: CheckoutEmbed) => {
        element.reset();
        return Promise.resolve(element);
      },
    ],
  ])('%s: neither takes the frame away nor forgets the confirmation', async (_, tryAgain) => {
    const backend = handoff();
    const first = await begun(await mount(offer));
    backend.status = 'failed';
    window.dispatchEvent(new Event('focus'));
    await reach(first, 'failed');

    const element = await begun(await tryAgain(first));
    await answered(backend);
    expect(element.state).toBe('checkout');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    await answered(backend);
    expect(element.state).toBe('confirmed');
    element.remove();
    await judged();
    const later = await mount(offer);
    await reach(later, 'confirmed');
    backend.status = 'fulfilled';
    window.dispatchEvent(new Event('focus'));
    await reach(later, 'settled');
  });

  it('also where it is told when the next try has begun', async () => {
    const backend = handoff();
    const first = await begun(await mount(offer));
    first.remove();
    await judged();
    backend.status = 'failed';
    let reply = (): void => undefined;
    backend.replies = new Promise((resolve) => (reply = resolve));
    const element = await mount(offer);
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'checkout');
    reply();
    await answered(backend);
    expect(element.state).toBe('checkout');
  });

  it('and counts again as soon as the backend has said anything else', async () => {
    const backend = handoff();
    const element = await begun(await mount(offer));
    backend.status = 'failed';
    window.dispatchEvent(new Event('focus'));
    await reach(element, 'failed');
    element.reset();
    await begun(element);
    backend.status = 'pending';
    await answered(backend);
    backend.status = 'failed';
    await answered(backend);
    await reach(element, 'failed');
  });
});

describe('a payment that the backend has proven', () => {
  it.each<[CheckoutState, (element: CheckoutEmbed) => void]>([
    ['closed', (element) => say(element, 'checkoutClosed', PICK)],
    ['ready', (element) => say(element, 'pageLoaded')],
  ])('is not offered again behind "%s"', async (state, leave) => {
    const backend = handoff();
    const element = await begun(await mount(`target="inline" ${HANDOFF} order="ord_proven_${state}"`));
    leave(element);
    await reach(element, state);
    backend.status = 'processing';
    await asked(element, 'confirmed');
    expect([part(element, 'button'), isInView(element)]).toEqual([null, false]);
  });

  it('is not offered after a reload either, where the page’s own function told it', async () => {
    const attributes = 'target="inline" order="ord_told"';
    const element = await mount(attributes);
    element.getStatus = () => Promise.resolve({ status: 'processing' });
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'checkout');
    say(element, 'checkoutClosed', PICK);
    await reach(element, 'confirmed');
    element.remove();
    await judged();
    expect((await mount(attributes)).state).toBe('confirmed');
  });

  it('ends the offer of another try', async () => {
    const backend = handoff();
    const element = await begun(await mount(`target="inline" ${HANDOFF} order="ord_proven"`));
    Object.assign(backend, { status: 'failed', retry: true });
    await asked(element, 'failed');
    expect(part(element, 'button')).not.toBeNull();
    Object.assign(backend, { status: 'processing', retry: false });
    await asked(element, 'confirmed');
    expect(part(element, 'button')).toBeNull();
  });

  it('does not take the frame from a checkout that goes on in it', async () => {
    const backend = handoff();
    backend.status = 'processing';
    const element = await begun(await mount(`target="inline" ${HANDOFF} order="ord_goes_on"`));
    await answered(backend);
    expect([element.state, isInView(element)]).toEqual(['checkout', true]);
  });

  it('and thanks the buyer as soon as that checkout is closed', async () => {
    const backend = handoff();
    backend.status = 'processing';
    const element = await begun(await mount(`target="inline" ${HANDOFF} order="ord_closes"`));
    await answered(backend);
    // Before anybody is asked again.
    element.close();
    expect([element.state, part(element, 'button')]).toEqual(['confirmed', null]);
  });
});

describe('a backend that wants the page to wait with buying', () => {
  it.each(['processing', 'open'] as const)(
    'sees no checkout go on, nor gives a token: %s',
    async (status) => {
      const backend = handoff();
      backend.next = { type: 'wait', retryAfterMs: 1000 };
      backend.status = status;
      const element = await mount(`target="inline" ${HANDOFF} order="ord_wait_${status}"`);
      await reach(element, 'ready');
      say(element, 'checkoutInitiated', PICKED);
      const { LedgerBeeEmbed } = window as unknown as {
        LedgerBeeEmbed: { fetchBindToken(ask: object): Promise<unknown> };
      };
      expect(await LedgerBeeEmbed.fetchBindToken({ frame: element.frame, ...PICKED })).toBeNull();
      await reach(element, status === 'open' ? 'closed' : 'confirmed');
      expect([part(element, 'button'), isInView(element)]).toEqual([null, false]);
      expect(backend.to('POST /attempts/att_1/bind-token')).toEqual([]);
      // Until it knows that there is nothing.
      if (status === 'processing') return;
      backend.retry = true;
      await eventually(() => expect(part(element, 'button')).not.toBeNull());
    },
  );

  it('is asked for another start in a while, and then it may be bought', async () => {
    const backend = handoff();
    backend.next = { type: 'wait', retryAfterMs: 1000 };
    const attributes = `target="inline" ${HANDOFF} order="ord_wait_over"`;
    const element = await mount(attributes);
    await reach(element, 'ready');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], shouldAdvanceTime: true });
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'closed');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(backend.to('POST /attempts')).toHaveLength(1);
    expect(part(element, 'button')).toBeNull();
    backend.next = { type: 'frame', bindToken: null };
    await vi.advanceTimersByTimeAsync(20_000);
    expect(backend.to('POST /attempts')).toHaveLength(2);
    await eventually(() => expect(part(element, 'button')).not.toBeNull());
    vi.useRealTimers();
  });

  it('keeps its handle where a confirmation was heard: the next visit asks by it', async () => {
    const backend = handoff();
    backend.next = { type: 'wait', retryAfterMs: 1000 };
    backend.status = 'processing';
    const element = await mount(`target="inline" handoff-url="/heard/checkout" order="ord_wait_heard"`);
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await eventually(() => expect(element.attemptId).toBe('att_1'));
    const name = `checkout-embed:attempts:${new URL('/heard/checkout', location.href).href}`;
    expect(localStorage.getItem(name)).toContain('"heard":"confirmed"');
  });

  it('is asked anew by the next visit', async () => {
    const backend = handoff();
    backend.next = { type: 'wait', retryAfterMs: 1000 };
    const attributes = `target="inline" handoff-url="/again/checkout" order="ord_wait_again"`;
    const element = await mount(attributes);
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'closed');
    const kept = localStorage.getItem(
      `checkout-embed:attempts:${new URL('/again/checkout', location.href).href}`,
    );
    expect(kept).toBeNull();
  });

  it('has no deferred checkout resumed either', async () => {
    const backend = handoff();
    backend.next = { type: 'wait', retryAfterMs: 1000 };
    backend.status = 'processing';
    const element = await mount(`target="callback" ${HANDOFF} order="ord_wait_deferred"`);
    await reach(element, 'ready');
    let done = (): void => undefined;
    element.addEventListener('checkout-initiated', (event) =>
      event.waitUntil(new Promise<void>((resolve) => (done = resolve))),
    );
    say(element, 'checkoutInitiated', { ...PICKED, deferred: true });
    await reach(element, 'confirmed');
    done();
    await judged();
    await judged();
    expect([element.state, isInView(element)]).toEqual(['confirmed', false]);
  });
});

describe('what the backend has said of a payment outlives the page', () => {
  it.each(['processing', 'review'] as const)('where only a link had said so before: %s', async (status) => {
    const here = location.href;
    history.replaceState(null, '', new URL('?subscriptionId=sub_1', here));
    const attributes = `order="ord_link_${status}"`;
    const element = await mount(attributes);
    history.replaceState(null, '', here);
    const getStatus = vi.fn(() => Promise.resolve({ status }));
    element.getStatus = getStatus;
    if (status === 'review') await reach(element, 'unsettled');
    else await eventually(() => expect(getStatus).toHaveBeenCalled());
    await judged();
    element.remove();
    await judged();
    expect((await mount(attributes)).state).toBe('confirmed');
  });

  it('where the frame had said nothing, or less', async () => {
    const attributes = 'target="inline" order="ord_less"';
    const element = await mount(attributes);
    let status: OrderStatus = 'open';
    element.getStatus = () => Promise.resolve({ status });
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'checkout');
    say(element, 'checkoutConfirmed', { ...PICK, status: 'PENDING_VERIFICATION' });
    await reach(element, 'pending');
    await judged();
    status = 'fulfilled';
    await asked(element, 'settled');
    element.remove();
    await judged();
    const again = await mount(attributes);
    expect([again.state, part(again, 'button')]).toEqual(['confirmed', null]);
  });
});

describe('nothing is offered of what the backend knows to be paid, where nobody is checking out', () => {
  it('in a forced surface', async () => {
    const element = await mount('item="item_1" forced order="ord_forced"');
    element.getStatus = () => Promise.resolve({ status: 'processing' });
    await reach(element, 'checkout');
    await asked(element, 'confirmed');
    expect(isInView(element)).toBe(false);
  });

  it('behind a frame that is blocked in a second try', async () => {
    const element = await mount(
      'target="inline" order="ord_blocked" slow-after="2000" timeout="3000" retries="0"',
    );
    let status: OrderStatus = 'open';
    element.getStatus = () => Promise.resolve({ status });
    await reach(element, 'ready');
    say(element, 'checkoutError', { ...PICK, reason: 'SESSION_MINT_FAILED' });
    await reach(element, 'error');
    // The portal falls silent.
    const { frame } = element;
    const src = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, 'src');
    Object.defineProperty(frame, 'src', {
      configurable: true,
      set: (to: string) => {
        src?.set?.call(frame, to.replace('pro-plan', 'silent'));
      },
    });
    element.retry();
    await reach(element, 'blocked');
    expect(part(element, 'link')).not.toBeNull();
    status = 'processing';
    await asked(element, 'confirmed');
    expect([part(element, 'link'), part(element, 'button')]).toEqual([null, null]);
  });
});

describe('a failed order of which another tab hears a confirmation', () => {
  it('is offered no more, and the word is kept', async () => {
    const element = await failed('ord_tabs');
    keepWords('ord_tabs');
    const tab = new BroadcastChannel('checkout-embed');
    const key = JSON.stringify(['ledgerbee', 'ord_tabs', '']);
    tab.postMessage({ v: 1, base: '', key, attempt: null, word: 'confirmed' });
    await reach(element, 'confirmed');
    tab.close();
    expect(part(element, 'button')).toBeNull();
    // The backend still speaks of the try before.
    await judged();
    expect(element.state).toBe('confirmed');
    expect(localStorage.getItem('checkout-embed:heard')).toContain('ord_tabs');
  });

  it('opens its outcome again, as any confirmation does', async () => {
    const element = await failed('ord_outcome');
    expect(await element.outcome).toBe('failed');
    // What the hidden frame says takes no way out away.
    say(element, 'checkoutError', { ...PICK, reason: 'SESSION_MINT_FAILED' });
    await judged();
    expect(part(element, 'button')).not.toBeNull();
    element.getStatus = () => Promise.resolve({ status: 'open' });
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    expect(await Promise.race([element.outcome, Promise.resolve('open')])).toBe('open');
  });

  it('keeps the word though it is drawn again', async () => {
    const element = await mount('target="inline" order="ord_redrawn"');
    element.getStatus = () => Promise.resolve({ status: 'failed' });
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'failed');
    keepWords('ord_redrawn');
    element.getStatus = null;
    await element.updateComplete;
    await judged();
    expect(localStorage.getItem('checkout-embed:heard')).toContain('ord_redrawn');
  });
});

describe('a failure of before, where the page’s own function is asked', () => {
  it.each(['', 'handoff-url="/before/checkout"'])(
    'takes no confirmation away after a reload: %s',
    async (more) => {
      if (more !== '') handoff();
      const getStatus = vi.fn(() => Promise.resolve({ status: 'failed' as const }));
      const element = await mount(`target="inline" order="ord_before${more.length}" ${more}`);
      element.getStatus = getStatus;
      await reach(element, 'ready');
      say(element, 'checkoutInitiated', PICKED);
      await eventually(() => expect(getStatus).toHaveBeenCalledOnce());
      await judged();
      say(element, 'checkoutConfirmed', CONFIRMED);
      await reach(element, 'confirmed');
      await eventually(() => expect(getStatus.mock.calls.length).toBeGreaterThan(1));
      await judged();
      expect(element.state).toBe('confirmed');
    },
  );

  it('is no verdict on a try that has just begun in another tab', async () => {
    const getStatus = vi.fn(() => Promise.resolve({ status: 'failed' as const, retry: true }));
    const element = await mount('target="_blank" order="ord_before_away"');
    element.getStatus = getStatus;
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'away');
    await eventually(() => expect(getStatus).toHaveBeenCalled());
    await judged();
    await judged();
    expect(element.state).toBe('away');
  });

  it('but counts of a return to "check your inbox"', async () => {
    const here = location.href;
    history.replaceState(null, '', new URL('?checkout=pending', here));
    const element = await mount('target="inline" order="ord_return"');
    history.replaceState(null, '', here);
    await reach(element, 'pending');
    element.getStatus = () => Promise.resolve({ status: 'failed' });
    await asked(element, 'failed');
  });

  it('but counts after a reload of "check your inbox"', async () => {
    const backend = handoff();
    const attributes = `target="inline" ${HANDOFF} order="ord_inbox"`;
    const element = await begun(await mount(attributes));
    say(element, 'checkoutConfirmed', { ...PICK, status: 'PENDING_VERIFICATION' });
    await reach(element, 'pending');
    element.remove();
    await judged();
    backend.status = 'failed';
    await asked(await mount(attributes), 'failed');
  });
});

it('a checkout that was left, and expired, is no order', async () => {
  const backend = handoff();
  const element = await begun(await mount(`target="inline" ${HANDOFF} order="ord_expired"`));
  say(element, 'checkoutClosed', PICK);
  await reach(element, 'closed');
  backend.status = 'expired';
  const before = backend.to('GET /attempts/att_1').length;
  await eventually(() => {
    window.dispatchEvent(new Event('focus'));
    expect(backend.to('GET /attempts/att_1').length).toBeGreaterThan(before + 1);
  });
  expect(element.state).toBe('closed');
  expect(part(element, 'button')).not.toBeNull();
});

it('a checkout that left the page is not offered again when it is closed, until the vendor was asked', async () => {
  const backend = handoff();
  const element = await mount(`target="_blank" ${HANDOFF} order="ord_1"`);
  await reach(element, 'ready');
  say(element, 'checkoutInitiated', PICKED);
  await reach(element, 'away');
  element.close();
  await reach(element, 'closed');
  expect(part(element, 'button')).toBeNull();
  backend.retry = true;
  await eventually(() => expect(part(element, 'button')).not.toBeNull());
});

describe('a word is of one order', () => {
  it('and not of another', async () => {
    await confirmed('order="ord_1"');
    await reach(await mount('target="inline" order="ord_2"'), 'ready');
  });

  it('and a link alone is none: the next visit is offered the checkout', async () => {
    const here = location.href;
    history.replaceState(null, '', '?subscriptionId=sub_1');
    const element = await mount('target="inline" order="ord_1"');
    await reach(element, 'confirmed');
    history.replaceState(null, '', here);
    element.remove();
    await judged();
    await reach(await mount('target="inline" order="ord_1"'), 'ready');
  });

  it('and ends with "failed"', async () => {
    const element = await mount('target="inline" order="ord_1"');
    element.getStatus = () => Promise.resolve({ status: 'failed' });
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'failed');
    await reach(await mount('target="inline" order="ord_1"'), 'ready');
  });

  it('and plans given by src are told apart, so none settles by the other', async () => {
    const backend = handoff();
    const one = await bySrc('plan_a');
    await reach(one, 'ready');
    say(one, 'checkoutInitiated', PICKED);
    await eventually(() => expect(one.attemptId).toBe('att_1'));
    backend.status = 'fulfilled';
    say(one, 'checkoutConfirmed', CONFIRMED);
    await reach(one, 'settled');
    const other = await bySrc('plan_b');
    await reach(other, 'ready');
    await judged();
    expect([other.state, other.attemptId]).toEqual(['ready', null]);
  });
});

describe('reset()', () => {
  it.each(['checkout-confirmed', 'checkout-settled'] as const)('works in a listener of %s', async (type) => {
    const element = await mount('target="inline" order="ord_1"');
    element.getStatus = () => Promise.resolve({ status: type === 'checkout-settled' ? 'fulfilled' : 'open' });
    await reach(element, 'ready');
    element.addEventListener(type, () => element.reset(), { once: true });
    say(element, 'checkoutConfirmed', CONFIRMED);
    await heard(element, type);
    await reach(element, 'ready');
  });

  it('outside the page forgets what the backend was told too', async () => {
    const backend = handoff();
    const element = await mount(`target="inline" ${HANDOFF} order="ord_out"`);
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await eventually(() => expect(element.attemptId).toBe('att_1'));
    const parent = element.parentElement;
    element.remove();
    await judged();
    element.reset();
    parent?.append(element);
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await eventually(() => expect(backend.to('POST /attempts')).toHaveLength(2));
  });

  it('right after it came into the page forgets what was known', async () => {
    keepWords('ord_early');
    const element = document.createElement('checkout-embed');
    Object.assign(element, { portal: PORTAL, plan: 'pro-plan', order: 'ord_early', timeout: 60_000 });
    document.body.append(element);
    element.reset();
    await reach(element, 'ready');
    element.remove();
  });

  it('loads a pasted frame anew: it would not speak again', async () => {
    const element = await mount('', PASTED);
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    element.reset();
    await reach(element, 'ready');
    expect(element.frame).toBe(element.querySelector('iframe'));
  });
});

/** Orders of which this browser heard a confirmation before. */
function keepWords(...orders: readonly string[]): void {
  const entries = orders.map((order) => ({
    offer: JSON.stringify([PORTAL, order]),
    word: 'confirmed',
    atMs: Date.now(),
  }));
  localStorage.setItem('checkout-embed:heard', JSON.stringify(entries));
}

/** Whoever comes back to the page has it asked. */
async function asked(element: CheckoutEmbed, state: CheckoutState): Promise<void> {
  await eventually(() => {
    window.dispatchEvent(new Event('focus'));
    expect(element.state).toBe(state);
  });
  await element.updateComplete;
}

/** An order that failed, and may be tried again. */
async function failed(order: string): Promise<CheckoutEmbed> {
  const element = await mount(`target="inline" order="${order}"`);
  let answer: Omit<StatusAnswer, 'v'> = { status: 'open' };
  element.getStatus = () => Promise.resolve(answer);
  await reach(element, 'ready');
  say(element, 'checkoutInitiated', PICKED);
  await reach(element, 'checkout');
  answer = { status: 'failed', retry: true };
  await asked(element, 'failed');
  return element;
}

/** A checkout that the backend knows of. */
async function begun(element: CheckoutEmbed): Promise<CheckoutEmbed> {
  await reach(element, 'ready');
  say(element, 'checkoutInitiated', PICKED);
  await reach(element, 'checkout');
  await eventually(() => expect(element.attemptId).toBe('att_1'));
  return element;
}

/** Asks until an answer to a question that began after this was judged: one more is not asked before. */
async function answered(backend: HandoffStub): Promise<void> {
  const asked = backend.to('GET /attempts/att_1').length;
  await eventually(() => {
    window.dispatchEvent(new Event('focus'));
    expect(backend.to('GET /attempts/att_1').length).toBeGreaterThan(asked + 1);
  });
}

/** An element that heard it and is gone, as after a reload. */
async function confirmed(attributes: string): Promise<void> {
  const element = await mount(`target="inline" ${attributes}`);
  await reach(element, 'ready');
  say(element, 'checkoutConfirmed', CONFIRMED);
  await reach(element, 'confirmed');
  element.remove();
  await judged();
}

function bySrc(plan: string): Promise<CheckoutEmbed> {
  const src = `${PORTAL}/embed/by-id/${plan}?token=t&target=inline`;
  return fixture(`<checkout-embed src="${src}" ${HANDOFF} timeout="60000"></checkout-embed>`);
}
