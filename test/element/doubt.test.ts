/** A failure that may hide a payment: no other try is offered until the backend knows that there was none. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CheckoutEmbed, StatusAnswer } from 'checkout-embed';
import { handoff, pass, type HandoffStub } from './handoff-stub.js';
import { eventually, hushed, isInView, judged, mount, part, PICK, PORTAL, reach, say } from './support.js';

const CONFIRMED = { ...PICK, status: 'CONFIRMED' } as const;
const PICKED = { ...PICK, vanity: 'pro-plan' } as const;
const HANDOFF = 'handoff-url="/checkout"';
const SIGNALS = 'POST /attempts/att_1/signals';

/** What the backend says when it is asked. */
let answer: Omit<StatusAnswer, 'v'>;

beforeEach(() => {
  hushed();
  localStorage.clear();
  answer = { status: 'open' };
});
afterEach(() => {
  vi.useRealTimers();
  localStorage.clear();
  vi.restoreAllMocks();
});

describe('a failure that may hide a payment stays in doubt', () => {
  it.each<[string, string, (element: CheckoutEmbed) => void]>([
    ['another language', '', (element) => (element.lang = 'da')],
    ['a name for the order', '', (element) => (element.order = 'ord_named')],
    ['another language of a named order', 'order="ord_lang"', (element) => (element.lang = 'da')],
  ])('through %s, until the vendor has nothing', async (_, order, change) => {
    const element = await doubted(order);
    change(element);
    await reach(element, 'closed');
    await judged();
    expect([element.state, part(element, 'button'), isInView(element)]).toEqual(['closed', null, false]);
    expect(part(element, 'progress')).not.toBeNull();
    answer = { status: 'open', retry: true };
    await pressAgain(element);
    // Nothing of it is left for the next change.
    element.lang = element.lang === 'da' ? 'en' : 'da';
    await reach(element, 'loading');
    await reach(element, 'ready');
  });

  it('where attributes make no frame for a moment', async () => {
    const element = await doubted('order="ord_moment"');
    element.plan = null;
    await reach(element, 'blocked');
    element.plan = 'pro-plan';
    await reach(element, 'closed');
  });

  it('for another element of the same order, as a framework makes one', async () => {
    handoff();
    const attributes = `target="inline" ${HANDOFF} order="ord_again"`;
    const element = await mount(attributes);
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'checkout');
    say(element, 'checkoutError', { ...PICK, reason: 'CONFIRM_FAILED' });
    await reach(element, 'error');
    element.remove();
    await judged();
    const other = await mount(attributes);
    await reach(other, 'closed');
    expect(isInView(other)).toBe(false);
    other.reset();
    await reach(other, 'ready');
  });

  it('for one that is on the page already, which is no longer offered', async () => {
    const other = await mount('target="inline" order="ord_both" plan="basic" portal="' + PORTAL + '"');
    other.getStatus = () => Promise.resolve(answer);
    await reach(other, 'ready');
    const element = await doubted('order="ord_both"');
    await reach(other, 'closed');
    expect([part(other, 'button'), isInView(other)]).toEqual([null, false]);
    // And what that one shows says nothing of it.
    other.remove();
    await judged();
    element.lang = 'da';
    await reach(element, 'closed');
  });

  it.each(['ready', 'closed'] as const)('for one that was begun and is %s by now', async (how) => {
    const other = await mount(`target="inline" order="ord_begun_${how}"`);
    other.getStatus = () => Promise.resolve(answer);
    await reach(other, 'ready');
    say(other, 'checkoutInitiated', PICKED);
    await reach(other, 'checkout');
    if (how === 'ready') say(other, 'pageLoaded');
    else other.close();
    await reach(other, how);
    await doubted(`order="ord_begun_${how}"`);
    await eventually(() => expect([isInView(other), part(other, 'button')]).toEqual([false, null]));
  });

  it('though another that knows nothing of it is drawn', async () => {
    const other = await mount('target="inline" order="ord_drawn"');
    other.getStatus = () => Promise.resolve(answer);
    await reach(other, 'ready');
    // The buyer checks out in it: it is left alone.
    say(other, 'checkoutInitiated', PICKED);
    await reach(other, 'checkout');
    const element = await doubted('order="ord_drawn"');
    say(other, 'pageLoaded');
    await reach(other, 'ready');
    element.lang = 'da';
    await reach(element, 'closed');
  });

  it('until the backend has heard of it: what it said of a try before counts no more', async () => {
    const backend = handoff();
    backend.retry = true;
    const element = await mount(`target="inline" ${HANDOFF} order="ord_early"`);
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await eventually(() => expect(backend.to(SIGNALS)).toHaveLength(1));
    await judged();
    let hear = (): void => undefined;
    backend.hears = new Promise((resolve) => (hear = resolve));
    say(element, 'checkoutError', { ...PICK, reason: 'CONFIRM_FAILED' });
    await reach(element, 'error');
    await eventually(() => expect(backend.to('GET /attempts/att_1').length).toBeGreaterThan(0));
    await judged();
    await judged();
    expect(part(element, 'button')).toBeNull();
    hear();
    await eventually(() => expect(part(element, 'button')).not.toBeNull());
  });

  it('and so does a checkout that left the page', async () => {
    handoff();
    const element = await mount(`target="_blank" ${HANDOFF} order="ord_away"`);
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'away');
    element.ctaCallback = true;
    await reach(element, 'closed');
  });

  it('not without a backend: nobody could clear it up', async () => {
    const element = await mount('target="inline" order="ord_alone"');
    await reach(element, 'ready');
    say(element, 'checkoutError', { ...PICK, reason: 'CONFIRM_FAILED' });
    await reach(element, 'error');
    element.lang = 'da';
    await reach(element, 'loading');
    await reach(element, 'ready');
  });
});

it('tells nobody that the checkout was closed, and ends no promise', async () => {
  const element = await doubted('order="ord_told"');
  const told = vi.fn();
  element.addEventListener('checkout-closed', told);
  for (const lang of ['da', 'en']) {
    element.lang = lang;
    await element.updateComplete;
    await judged();
    expect(element.state).toBe('closed');
  }
  const outcome = await Promise.race([element.outcome, Promise.resolve('open')]);
  expect([told.mock.calls, outcome]).toEqual([[], 'open']);
});

it('that ended in "expired" is no order, whatever the language', async () => {
  const element = await mount('target="inline" order="ord_doubt_expired"');
  let status: 'open' | 'expired' = 'open';
  element.getStatus = () => Promise.resolve({ status });
  await reach(element, 'ready');
  say(element, 'checkoutError', { ...PICK, reason: 'CONFIRM_FAILED' });
  await reach(element, 'error');
  status = 'expired';
  await reach(element, 'unsettled');
  const thanks = vi.fn();
  element.addEventListener('checkout-confirmed', thanks);
  const home = element.parentElement!;
  element.remove();
  await judged();
  home.append(element);
  await reach(element, 'unsettled');
  expect(thanks).not.toHaveBeenCalled();
});

describe('a doubt ends', () => {
  it('with "failed", which another language does not undo', async () => {
    const element = await doubted('order="ord_ends"');
    answer = { status: 'failed' };
    await reach(element, 'failed');
    element.lang = 'da';
    await reach(element, 'loading');
    await reach(element, 'ready');
  });

  it('in a second try too, whose vendor has nothing while the order stays failed', async () => {
    const element = await mount('target="inline" order="ord_second"');
    element.getStatus = () => Promise.resolve(answer);
    await reach(element, 'ready');
    answer = { status: 'failed' };
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'failed');
    element.reset();
    await reach(element, 'ready');
    say(element, 'checkoutError', { ...PICK, reason: 'CONFIRM_FAILED' });
    await reach(element, 'error');
    expect(part(element, 'button')).toBeNull();
    answer = { status: 'failed', retry: true };
    await eventually(() => expect(part(element, 'button')).not.toBeNull());
  });
});

it('a page that is shown again leaves the frame’s own message in view', async () => {
  const element = await doubted('order="ord_shown_again"');
  window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  await judged();
  expect([element.state, isInView(element)]).toEqual(['error', true]);
});

it('behind a doubt no frame is made, until the backend says that nothing was paid', async () => {
  const element = await doubted('order="ord_not_made"');
  element.lang = 'da';
  await reach(element, 'closed');
  await judged();
  expect(element.querySelector('iframe')).toBeNull();
  answer = { status: 'open', retry: true };
  await pressAgain(element);
  expect(isInView(element)).toBe(true);
});

it('behind a doubt a pasted frame begins nothing while it is hidden, and is loaded anew for another try', async () => {
  const order = `ord_${crypto.randomUUID()}`;
  const pasted = `<iframe src="${PORTAL}/embed/pro-plan?target=inline"></iframe>`;
  const first = await mount(`order="${order}"`, pasted);
  first.getStatus = () => Promise.resolve(answer);
  await reach(first, 'ready');
  say(first, 'checkoutError', { ...PICK, reason: 'CONFIRM_FAILED' });
  await reach(first, 'error');
  first.remove();
  const speaks = new Promise((resolve) =>
    addEventListener('ledgerbee:embed:pageLoaded', resolve, { once: true }),
  );
  const element = await mount(`order="${order}" slow-after="2000" timeout="5000"`, pasted);
  element.getStatus = () => Promise.resolve(answer);
  await reach(element, 'closed');
  await speaks;
  say(element, 'checkoutInitiated', PICKED);
  await new Promise((resolve) =>
    addEventListener('ledgerbee:embed:checkoutInitiated', resolve, { once: true }),
  );
  await judged();
  expect([element.state, isInView(element)]).toEqual(['closed', false]);
  answer = { status: 'open', retry: true };
  await pressAgain(element);
  expect(isInView(element)).toBe(true);
});

describe('a backend that cannot say what became of it', () => {
  it.each([
    ['error', 'en', 'Look in your inbox or contact us before you try again.'],
    ['closed', 'da', 'Se i din indbakke, eller kontakt os, før du prøver igen.'],
  ] as const)(
    'leaves the buyer of "%s" with what to do, and without another try',
    async (state, lang, told) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], shouldAdvanceTime: true });
      const element = await doubted(`order="ord_unanswered_${state}"`);
      element.lang = lang;
      await reach(element, state);
      await vi.advanceTimersByTimeAsync(14 * 60_000);
      expect(element.renderRoot.textContent).not.toContain(told);
      await vi.advanceTimersByTimeAsync(2 * 60_000);
      expect(part(element, 'progress')).toBeNull();
      expect(element.state).toBe(state);
      expect(part(element, 'status')?.textContent).toContain(told);
      expect(part(element, 'button')).toBeNull();
      expect(await element.outcome).toBe('unsettled');
      // It may know later, when the buyer looks again.
      answer = { status: 'open', retry: true };
      window.dispatchEvent(new Event('focus'));
      await eventually(() => expect(part(element, 'button')).not.toBeNull());
      answer = { status: 'fulfilled' };
      await eventually(() => {
        window.dispatchEvent(new Event('focus'));
        expect(element.state).toBe('settled');
      });
      expect(await element.outcome).toBe('settled');
    },
  );
});

describe('that the page need wait with buying no longer', () => {
  /** Two tabs start at once: one of them is to ask again in a moment. */
  const WAIT = { type: 'wait', retryAfterMs: 250 } as const;
  const FRAME = { type: 'frame', bindToken: null } as const;

  it.each<[string, (element: CheckoutEmbed) => void]>([
    ['before it was to wait', () => undefined],
    ['before, also in another language', (element) => (element.lang = 'da')],
  ])('clears no failure up that was heard %s', async (way, goOn) => {
    const { backend, element } = await waiting(`before_${String(way.length)}`);
    backend.next = WAIT;
    say(element, 'checkoutError', { ...PICK, reason: 'CONFIRM_FAILED' });
    await reach(element, 'error');
    await pass(2);
    goOn(element);
    await pass(2);
    backend.next = FRAME;
    await pass(60);
    expect(backend.to('POST /attempts').length).toBeGreaterThan(1);
    expect(part(element, 'button')).toBeNull();
    backend.retry = true;
    await pass(30);
    expect(part(element, 'button')).not.toBeNull();
  });

  it.each([
    ['CONFIRM_FAILED', false],
    // Nothing can have been paid in that.
    ['SESSION_MINT_FAILED', true],
  ])('clears up what was heard while it waited as %s: %j', async (reason, isCleared) => {
    const { backend, element } = await waiting(reason);
    backend.next = WAIT;
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'closed');
    say(element, 'checkoutError', { ...PICK, reason });
    await reach(element, 'error');
    backend.next = FRAME;
    await pass(60);
    expect(part(element, 'button') !== null).toBe(isCleared);
  });

  it('clears up a wait that comes after the backend has cleared the failure up', async () => {
    const { backend, element } = await waiting('after');
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'checkout');
    say(element, 'checkoutError', { ...PICK, reason: 'CONFIRM_FAILED' });
    await reach(element, 'error');
    backend.retry = true;
    await pass(5);
    part(element, 'button')?.click();
    await reach(element, 'ready');
    backend.retry = false;
    backend.next = WAIT;
    backend.attemptId = 'att_after_other';
    say(element, 'checkoutInitiated', { ...PICKED, planItemId: 'item_2' });
    await reach(element, 'closed');
    backend.next = FRAME;
    await pass(60);
    expect(part(element, 'button')).not.toBeNull();
  });

  async function waiting(name: string): Promise<{ backend: HandoffStub; element: CheckoutEmbed }> {
    const backend = handoff();
    backend.attemptId = `att_${name}`;
    const offer = `handoff-url="/wait-${name}/checkout" order="ord_wait_${name}"`;
    const element = await mount(`target="inline" ${offer}`);
    await reach(element, 'ready');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], shouldAdvanceTime: true });
    return { backend, element };
  }
});

/** A checkout that failed, of which the backend knows nothing yet. */
async function doubted(order: string): Promise<CheckoutEmbed> {
  const element = await mount(`target="inline" ${order}`);
  element.getStatus = () => Promise.resolve(answer);
  await reach(element, 'ready');
  say(element, 'checkoutError', { ...PICK, reason: 'CONFIRM_FAILED' });
  await reach(element, 'error');
  return element;
}

async function pressAgain(element: CheckoutEmbed): Promise<void> {
  await eventually(() => expect(part(element, 'button')).not.toBeNull());
  part(element, 'button')?.click();
  await reach(element, 'ready');
}
